internal import Glibc

/// What the plugin needs of the process that it is: environment, standard streams, host name.
///
/// Each pointer and length that the C functions get belongs to one array or one local value.
enum OperatingSystem {
  /// The variables that the plugin looks at.
  private static let names = [
    "CNI_COMMAND", "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME", "CNI_ARGS", "CNI_PATH",
  ]

  static var environment: [String: String] {
    var values: [String: String] = [:]
    for name in names {
      // Safe: nothing changes the environment of this process, which has one thread.
      if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
    }
    return values
  }

  /// A reader that has gone shall be an error of `write`, not the end of the process.
  static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Fills the places of standard streams that are closed, so that no socket stands in one of them
  /// and gets what is written to a runtime that does not listen.
  static func holdStandardStreams() {
    while true {
      // Safe: the string is there while the call lasts. Writing to what it opens fails.
      let file = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard (STDIN_FILENO...STDERR_FILENO).contains(file) else {
        if file > STDERR_FILENO { close(file) }
        return
      }
    }
  }

  /// The host's name in lower case, as the kubelet names its node; nil when there is none.
  static var hostName: String? {
    var characters = [CChar](repeating: 0, count: 256)
    // Safe: one byte less than the array has, so that it ends with zero.
    guard unsafe gethostname(&characters, characters.count - 1) == 0 else { return nil }
    let bytes = characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let name = String(decoding: bytes, as: UTF8.self).lowercased()
    return name.isEmpty ? nil : name
  }

  /// Milliseconds of the clock that no one sets.
  static var milliseconds: Int64 {
    var time = timespec()
    // Safe: the kernel fills the structure; the clock exists on every Linux.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// All of standard input.
  ///
  /// Throws when it does not end in time, or is larger than any configuration.
  static func standardInput(within limit: Duration) throws(PluginError) -> [UInt8] {
    let end = milliseconds + limit.components.seconds * 1_000
    var bytes: [UInt8] = []
    while true {
      var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // Safe: one structure, and its count.
      let ready = unsafe poll(&wanted, 1, Int32(clamping: max(end - milliseconds, 0)))
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else {
        throw PluginError(.ioFailure, "stdin has not ended in time")
      }
      guard let chunk = try read(STDIN_FILENO, "stdin") else { return bytes }
      bytes += chunk
      guard bytes.count <= mostInputBytes else {
        throw PluginError(
          .notDecodable, "the network configuration on stdin has more than 16 MiB")
      }
    }
  }

  private static let mostInputBytes = 16 << 20

  /// What is there to read, at least one byte; nil at the end.
  private static func read(_ file: Int32, _ name: String) throws(PluginError) -> [UInt8]? {
    while true {
      var count = 0
      // Safe: the kernel fills no more than the capacity given, and says how much.
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
        count = unsafe Glibc.read(file, buffer.baseAddress, buffer.count)
        filled = max(count, 0)
      }
      if count > 0 { return chunk }
      if count == 0 { return nil }
      guard errno == EINTR else {
        throw PluginError(.ioFailure, "\(name) cannot be read: \(errorText)")
      }
    }
  }

  /// A file of at most 1 MiB as text.
  static func file(_ path: String) throws(PluginError) -> String {
    // Safe: the string is there while the call lasts.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw PluginError(.ioFailure, "open \(path): \(errorText)")
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count <= 1 << 20, let chunk = try read(file, path) { bytes += chunk }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes all of the document to standard output; false when nobody takes it.
  static func writeOutput(_ document: [UInt8]) -> Bool { write(document, to: STDOUT_FILENO) }

  static func writeLog(_ text: String) { _ = write(Array((text + "\n").utf8), to: STDERR_FILENO) }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      // Safe: the memory is the rest of the array, with its length.
      let count = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
        return unsafe Glibc.write(file, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      start += count
    }
    return true
  }

  /// The text of `errno`, for what happens often.
  private static var errorText: String {
    switch errno {
    case ENOENT: "no such file or directory"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "is a directory"
    case EBADF: "it is not open"
    default: "error \(errno)"
    }
  }
}

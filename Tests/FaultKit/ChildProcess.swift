package import Foundation

/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)
}

/// A process started by a test.
///
/// Its output is read as it comes; its end is an event to wait for.
///
/// `@unchecked Sendable`: everything that changes is guarded by `condition`.
package final class ChildProcess: @unchecked Sendable {
  package let pid: pid_t
  private let condition = NSCondition()
  private var output: [UInt8] = []
  private var errors: [UInt8] = []
  private var openPipes = 2
  private var status: ExitStatus?

  /// - Parameter input: what its standard input holds; nil is `/dev/null`.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = Environment.clean,
    input: String? = nil, folder: String? = nil
  ) throws {
    guard access(program, X_OK) == 0 else { throw HarnessFailure.missingProgram(program) }
    let input = try input.map { text in try Self.inputFile(text) }
    defer { if let input { close(input) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [program] + arguments
    let (out, err, pid) = try Self.spawning.withLock {
      let out = try Pipe()
      let err = try Pipe()
      defer {
        close(out.writing)
        close(err.writing)
      }
      posix_spawn_file_actions_adddup2(&actions, out.writing, 1)
      posix_spawn_file_actions_adddup2(&actions, err.writing, 2)
      // What other tests have open meanwhile is not the child's: it would keep their connections
      // open and the space of their deleted files in use.
      try Self.closeOthers(&actions)
      return (out, err, try Self.spawn(command, environment, &actions))
    }
    self.pid = pid
    collect(out.reading, isError: false)
    collect(err.reading, isError: true)
  }

  deinit { if status == nil { Glibc.kill(pid, SIGKILL) } }

  /// Runs a tool to its end, and says what it printed.
  package static func run(
    _ program: String, _ arguments: [String], input: String? = nil, folder: String? = nil,
    environment: [String: String] = Environment.clean
  ) throws -> (status: ExitStatus, output: String, errors: String) {
    let child = try ChildProcess(
      program, arguments, environment: environment, input: input, folder: folder)
    let status = try child.waitForExit()
    return (status, child.outputText, child.errorText)
  }

  package var outputText: String { locked { String(decoding: output, as: UTF8.self) } }
  package var errorText: String { locked { String(decoding: errors, as: UTF8.self) } }
  package var hasEnded: Bool { locked { status != nil } }

  package func signal(_ number: Int32) {
    locked { if status == nil { Glibc.kill(pid, number) } }
  }

  /// Waits for a line on standard error that `matches`; throws when the process ends without one.
  @discardableResult
  package func waitForErrorLine(
    _ what: String, within deadline: Deadline = .usual, _ matches: (String) -> Bool
  ) throws -> String {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let lines = errors.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      for line in lines.dropLast() {
        let text = String(decoding: line, as: UTF8.self)
        if matches(text) { return text }
      }
      let seen = String(decoding: errors, as: UTF8.self)
      if let status { throw HarnessFailure.ended("\(status) before \(what): \(seen)") }
      if !condition.wait(until: deadline.date), deadline.hasPassed {
        throw HarnessFailure.deadline("\(what): \(seen)")
      }
    }
  }

  package func waitForExit(within deadline: Deadline = .usual) throws -> ExitStatus {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let status { return status }
      if !condition.wait(until: deadline.date), deadline.hasPassed {
        Glibc.kill(pid, SIGKILL)
        throw HarnessFailure.deadline("the end of process \(pid)")
      }
    }
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    return body()
  }

  /// Reads one pipe to its end; after the last pipe's end the process is waited for.
  private func collect(_ reading: Int32, isError: Bool) {
    let thread = Thread { [self] in
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(reading, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        locked {
          if isError { errors += chunk[..<count] } else { output += chunk[..<count] }
          condition.broadcast()
        }
      }
      close(reading)
      let isLast = locked {
        openPipes -= 1
        return openPipes == 0
      }
      if isLast { reap() }
    }
    thread.start()
  }

  private func reap() {
    var raw: Int32 = 0
    while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
    let low = raw & 0x7F
    locked {
      status = low == 0 ? .exited((raw >> 8) & 0xFF) : .signalled(low)
      condition.broadcast()
    }
  }

  /// Held while pipes are open that no other child may inherit: their end would never be seen.
  private static let spawning = NSLock()

  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { throw HarnessFailure.system("pipe", errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      reading = ends[0]
      writing = ends[1]
    }
  }

  private static func inputFile(_ text: String) throws -> Int32 {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "input")
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw HarnessFailure.system("open", errno) }
    return file
  }

  /// A child gets the three standard streams and nothing else.
  ///
  /// The function is one of the GNU library, which its header shows to C alone.
  private static func closeOthers(_ actions: inout posix_spawn_file_actions_t) throws {
    typealias CloseFrom =
      @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    let name = "posix_spawn_file_actions_addclosefrom_np"
    guard let address = dlsym(nil, name) else { throw HarnessFailure.system(name, errno) }
    let error = unsafeBitCast(address, to: CloseFrom.self)(&actions, 3)
    guard error == 0 else { throw HarnessFailure.system(name, error) }
  }

  private static func spawn(
    _ command: [String], _ environment: [String: String],
    _ actions: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words = command.map { strdup($0) } + [nil]
    let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var pid: pid_t = 0
    let error = posix_spawn(&pid, command[0], &actions, &attributes, words, settings)
    guard error == 0 else { throw HarnessFailure.system("posix_spawn \(command[0])", error) }
    return pid
  }
}

import Foundation

/// The process around the commands: its streams, files, environment and user.
enum Console {
  /// Writes to standard output at once; a reader who has gone ends the program quietly.
  static func write(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      end(unwritten: error as NSError)
    }
  }

  /// Half an answer, as of an export onto a full disk, must not look like a whole one.
  private static func end(unwritten error: NSError) -> Never {
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) {
      // Whoever started the program may have it ignore the signal that says so.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    let failure = CommandFailure(
      .refused, "standard output cannot be written: \(cause.localizedDescription)",
      next: "make room or choose another place, and run the same command again")
    complain(failure.text(.ofErrors))
    exit(failure.status.rawValue)
  }

  /// Writes to standard error.
  static func complain(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// A variable of the environment; an empty one is none.
  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// All of the environment.
  static var environment: [String: String] { ProcessInfo.processInfo.environment }

  static var isRoot: Bool { geteuid() == 0 }
  static var hasTerminalOutput: Bool { isatty(STDOUT_FILENO) == 1 }
  static var hasTerminalErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// Waits, where nothing announces what is waited for.
  static func pause(milliseconds: Int) {
    Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
  }

  /// The bytes of a file, or of standard input for `-`.
  static func read(_ path: String) throws -> [UInt8] {
    do {
      if path == "-" { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
      // Pipes and devices are read too.
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      return [UInt8](try file.readToEnd() ?? Data())
    } catch {
      throw CommandFailure(
        .notFound, "the file \(path) cannot be read", next: "name a file that can be read, or -")
    }
  }

  /// Writes a whole file, or none.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(
        .refused, "the file \(path) cannot be written", next: "name a file in a folder of yours")
    }
  }
}

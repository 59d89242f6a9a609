package import Foundation

/// A folder of one test, gone with the value.
///
/// Its path is short: a Unix socket's has 107 bytes.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    var template = Array("/tmp/ipledger-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw HarnessFailure.system("mkdtemp", errno) }
    path = String(cString: made)
    // The daemon's access rules are under test, not those of the folder.
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { path + "/" + name }

  package func write(_ text: String, to name: String) throws -> String {
    let file = file(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// What went wrong with the harness rather than with what it tests.
package enum HarnessFailure: Error, CustomStringConvertible {
  case system(String, Int32)
  case missingProgram(String)
  case deadline(String)
  case ended(String)

  package var description: String {
    switch self {
    case .system(let call, let number): "\(call): \(String(cString: strerror(number)))"
    case .missingProgram(let path): "no program at \(path)"
    case .deadline(let what): "waited too long for \(what)"
    case .ended(let what): what
    }
  }
}

/// A moment on the monotonic clock until which a wait may last.
package struct Deadline: Sendable {
  private let end: UInt64

  /// Long enough for a debug build on a busy machine; every wait ends with the event it is for.
  package static var usual: Deadline { Deadline(seconds: 30) }

  package init(seconds: Double) {
    end = Self.now + UInt64(seconds * 1e9)
  }

  package static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

  package var hasPassed: Bool { Self.now >= end }

  /// For `poll`: at least 0.
  package var milliseconds: Int32 {
    let now = Self.now
    return now >= end ? 0 : Int32(clamping: (end - now) / 1_000_000 + 1)
  }

  package var date: Date { Date(timeIntervalSinceNow: Double(milliseconds) / 1000) }
}

import Foundation

/// A folder of one test, gone with the value.
///
/// Its path is short: a Unix socket's has 107 bytes.
final class Folder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/ipledger-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Client.Failure("mkdtemp") }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

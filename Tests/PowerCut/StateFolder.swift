import FaultKit
import Foundation

/// A folder for the states of one survey, one after the other: in memory where there is such a file
/// system, because each state is opened and synced once and nobody cuts its power.
final class StateFolder {
  let path: String

  init() throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/ipledger-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw HarnessFailure.system("mkdtemp", errno) }
    path = String(cString: made)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Leaves nothing but these files.
  func hold(_ files: [(name: String, content: [UInt8])]) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.removeItem(atPath: file(name))
    }
    for (name, content) in files {
      try Data(content).write(to: URL(fileURLWithPath: file(name)))
    }
  }
}

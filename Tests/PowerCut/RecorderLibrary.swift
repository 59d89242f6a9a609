import FaultKit
import Foundation

/// The recorder, built into a folder of its own; it goes with the value.
final class RecorderLibrary {
  private let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("recorder.so")
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Recorder.c").path
    let (status, output, errors) = try ChildProcess.run(
      "/usr/bin/cc",
      ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", path, source, "-ldl", "-pthread"])
    guard status == .exited(0) else { throw HarnessFailure.ended("cc: \(output)\(errors)") }
  }

  /// Where it shall write what it sees: beside itself.
  var log: String { folder.file("log") }

  /// What makes a program load it, for the files of one folder.
  func environment(recording recorded: TemporaryFolder) -> [String: String] {
    [
      "LD_PRELOAD": path, "IPLEDGER_RECORD_FOLDER": recorded.path, "IPLEDGER_RECORD_LOG": log,
    ]
  }

  func readLog() throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(fileURLWithPath: log)))
  }
}

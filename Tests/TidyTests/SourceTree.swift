import Foundation

/// The files of this repository.
struct SourceTree: Sendable {
  let swiftSources: [SwiftSource]
  let scripts: [ScriptRule.Script]

  init() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let code = ["Sources", "Tests"].flatMap { Self.files(in: $0, of: root) }
    swiftSources = try code.filter { $0.hasSuffix(".swift") }.map {
      SwiftSource(path: $0, text: try Self.text($0, of: root))
    }
    let programs = ["ops", ".ci", "loadtest/peers"].flatMap { Self.files(in: $0, of: root) }
    scripts = try programs.filter { !($0.split(separator: "/").last ?? "").contains(".") }.map {
      ScriptRule.Script(
        path: $0, text: try Self.text($0, of: root),
        isExecutable: FileManager.default.isExecutableFile(
          atPath: root.appendingPathComponent($0).path))
    }
  }

  private static func files(in folder: String, of root: URL) -> [String] {
    let all = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    return (all?.compactMap { $0 as? String } ?? []).sorted().map { "\(folder)/\($0)" }.filter {
      var isFolder: ObjCBool = false
      let path = root.appendingPathComponent($0).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  private static func text(_ path: String, of root: URL) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }
}

import Foundation

extension Console {
  /// The files of a folder by name, with what is in them; nil when `path` is no folder.
  static func folder(_ path: String) throws -> [(name: String, text: String)]? {
    guard path != "-", isFolder(path) else { return nil }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw CommandFailure(
        .notFound, "the folder \(path) cannot be read", next: "ask as a user who may read it")
    }
    return try names.map { "\(path)/\($0)" }.filter { !isFolder($0) }.map { file in
      let name = file.split(separator: "/").last.map { String($0) } ?? file
      return (name, String(decoding: try read(file), as: UTF8.self))
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }
}

import ArgumentParser

/// The files that a command is about.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: ArgumentHelp(
      "YAML or JSON: Services, Nodes, Pods, Lists of them; a folder of such; - is standard input.",
      valueName: "file"))
  var files: [String] = []

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("say which manifests: -f FILE, or -f -") }
  }

  /// The files, those of folders too, in the order of their names.
  func read() throws -> [ManifestFile] {
    try files.flatMap { path -> [ManifestFile] in
      guard let inside = try Console.folder(path) else { return [try ManifestFile(path: path)] }
      let endings = [".yaml", ".yml", ".json"]
      return try inside.sorted { $0.name < $1.name }
        .filter { file in endings.contains { file.name.hasSuffix($0) } }
        .map { try ManifestFile($0.text, name: "\(path)/\($0.name)") }
    }
  }
}

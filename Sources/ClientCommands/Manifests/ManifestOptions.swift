import ArgumentParser

/// The files that a command is about.
struct ManifestOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help: ArgumentHelp(
      "YAML or JSON: Services, Nodes, Pods, Lists of them; - is standard input.",
      valueName: "file"))
  var files: [String] = []

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("say which manifests: -f FILE, or -f -") }
  }

  func read() throws -> ManifestPlan { ManifestPlan(try files.map { try ManifestFile(path: $0) }) }
}

internal import IPLedgerClient

/// One execution of the plugin: environment and standard input in, at most one document out.
package enum Plugin {
  /// Runs what the environment says; the exit status.
  package static func run() -> Int32 {
    OperatingSystem.ignoreBrokenPipes()
    OperatingSystem.holdStandardStreams()
    let environment = OperatingSystem.environment
    guard environment["CNI_COMMAND", default: ""].isEmpty == false else {
      OperatingSystem.writeLog(about)
      return 0
    }
    var version: CNIVersion?
    do throws(PluginError) {
      let invocation = try Invocation(environment: environment)
      guard invocation.command != .version else { return answerVersion() }
      let input = try OperatingSystem.standardInput(within: .seconds(10))
      version = NetworkConfig.version(of: input)
      try run(invocation, try NetworkConfig(input))
      return 0
    } catch {
      _ = OperatingSystem.writeOutput(error.document(version ?? .v110))
      return 1
    }
  }

  private static func run(
    _ invocation: Invocation, _ config: NetworkConfig
  ) throws(PluginError) {
    switch (invocation.command, invocation.attachment) {
    case (.add, let attachment?):
      try Addition(config, attachment, invocation.arguments)
        .run(deliver: OperatingSystem.writeOutput)
    case (.delete, let attachment?):
      try Deletion(config, attachment, invocation.arguments).run()
    case (.check, let attachment?):
      try Inspection(config, attachment, invocation.arguments).run()
    case (.collect, _): try LeakCollection(config).run()
    case (.status, _): try StatusReport(config).run()
    case (.add, nil), (.delete, nil), (.check, nil), (.version, _): return
    }
  }

  /// Needs neither the daemon nor standard input.
  private static func answerVersion() -> Int32 {
    let input = try? OperatingSystem.standardInput(within: .seconds(1))
    let asked = input.flatMap { try? JSON(bytes: $0) }?.find("cniVersion")?.string
    let name = asked.flatMap { $0.isEmpty ? nil : $0 } ?? CNIVersion.v110.rawValue
    let versions = CNIVersion.allCases.map { JSON.string($0.rawValue) }
    let document: JSON = [
      "cniVersion": .string(name), "supportedVersions": .array(versions),
    ]
    return OperatingSystem.writeOutput(document.bytes + [UInt8(ascii: "\n")]) ? 0 : 1
  }

  private static let about = """
    ipledger-cni: a CNI IPAM plugin that reserves addresses with ipledgerd
    CNI protocol versions supported: \(CNIVersion.all)
    """
}

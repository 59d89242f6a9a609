import ArgumentParser
import Daemon

/// The program: arguments become a configuration, and a daemon runs by it.
@main struct IPLedgerDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipledgerd",
    abstract: "The IP address ledger of a Kubernetes cluster: durable, dual-stack, one process.",
    discussion: HelpText.discussion,
    version: Daemon.version)

  @Option(name: .long, help: ArgumentHelp(HelpText.config, valueName: "FILE.yaml"))
  var config: [String] = []

  @Flag(help: "Check the configuration, name every mistake, and exit: 0, or 78 with mistakes.")
  var checkConfig = false

  @OptionGroup var settings: SettingFlags

  func run() async throws {
    // As the process was started: the daemon takes variables out of the environment.
    let facts = ProcessFacts.current
    let configuration: DaemonConfiguration
    do throws(ConfigurationRefusal) {
      configuration = try .load(flags: settings.given, configPaths: config, process: facts)
    } catch {
      StandardError.writeLine("\(error)")
      throw ExitCode(ConfigurationRefusal.exitCode)
    }
    guard checkConfig else {
      let (flags, paths) = (settings.given, config)
      let status = await Daemon.run(configuration) { () throws(ConfigurationRefusal) in
        try .load(flags: flags, configPaths: paths, process: facts)
      }
      throw ExitCode(status)
    }
    if let mistake = Daemon.check(configuration) {
      StandardError.writeLine(mistake)
      throw ExitCode(ConfigurationRefusal.exitCode)
    }
    print(configuration.summary)
  }
}

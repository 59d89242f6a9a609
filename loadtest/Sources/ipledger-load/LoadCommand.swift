import ArgumentParser
import IPLedgerClient

/// `ipledger-load`: asks a daemon for addresses as fast as it answers, and says how fast that was.
@main
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipledger-load",
    abstract: "Load a running ipledgerd and measure it.",
    discussion: """
      Registers the nodes load-0, load-1, … and spreads pods over them. The daemon's ledger is \
      expected to hold no other pods on these nodes. `ipledger-load measure --help` has the flags.
      """,
    subcommands: [MeasureCommand.self, RunCommand.self], defaultSubcommand: MeasureCommand.self)
}

/// Whom to ask.
struct ServerOptions: ParsableArguments {
  @Option(help: "The daemon: unix:PATH, tcp:HOST:PORT or tls:HOST:PORT.")
  var socket: String

  @Option(help: "Authenticate each connection with this token.")
  var token: String?

  @Option(
    name: .customLong("tls-ca"),
    help: "The certificates that sign the server's (default: those that this machine trusts).")
  var tlsAuthority: String?

  @Option(help: "The client's certificate, in PEM.")
  var tlsCertificate: String?

  @Option(help: "The key of the client's certificate, in PEM.")
  var tlsKey: String?

  /// What all phases have in common.
  func plan() throws -> LoadPlan {
    do {
      return LoadPlan(
        endpoint: try ServerAddress(socket), token: token,
        tls: TLSOptions(authority: tlsAuthority, certificate: tlsCertificate, key: tlsKey))
    } catch {
      throw ValidationError("--socket \(error)")
    }
  }
}

/// Where the figures go.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .customLong("json"), defaultAsFlag: "-",
    help: "Print one JSON object instead of the table, or write it to a file beside the table.")
  var json: String?

  @Option(help: "Write a page with pictures to this file.")
  var html: String?

  @Option(help: "Seconds of each of the stretches of time in the JSON and the pictures.")
  var interval = 1.0

  /// Runs phase after phase, and writes what they measured.
  func run(_ plans: [LoadPlan], title: String) throws {
    var report = Report()
    let output = ReportOutput(title: title, json: json, html: html)
    for plan in plans {
      let result = try LoadRun(plan: plan).measure()
      output.show(result, isFirst: report.phases.isEmpty)
      report.phases.append(result)
    }
    try output.write(report)
    if !report.isClean { throw ExitCode(1) }
  }
}

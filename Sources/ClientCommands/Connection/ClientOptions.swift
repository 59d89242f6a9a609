import ArgumentParser
import IPLedgerClient

/// What every command takes: where the daemon is, who asks, how long, and how it is shown.
struct ClientOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "unix:PATH, tcp:HOST:PORT or tls:HOST:PORT. Environment: IPLEDGER_SOCKET.",
      valueName: "address"))
  var socket: String?

  @Option(help: "A token of an access rule of the daemon. Environment: IPLEDGER_TOKEN.")
  var token: String?

  @Option(
    help: ArgumentHelp(
      "How long a call may take: 30, and for work on the whole ledger 3600.", valueName: "seconds"))
  var timeout: Double?

  @Option(name: [.customShort("o"), .long], help: "How the result is shown.")
  var output: OutputFormat?

  @OptionGroup(title: "TLS") var tls: TLSOptions

  func validate() throws {
    guard let timeout else { return }
    guard timeout >= 0.001, timeout <= 86_400 else {
      throw ValidationError("--timeout \(timeout): from 0.001 to 86400 seconds")
    }
  }

  /// Connects, lets `body` work, and turns what fails into words and an exit status.
  func run(_ body: (Session) throws -> Void) throws {
    try CommandFailure.told { try body(try Session(self)) }
  }
}

extension ClientOptions {
  /// Where to connect to: the flag, the environment, or where a daemon of this user listens.
  func address() throws -> ServerAddress {
    let named = socket ?? Console.variable("IPLEDGER_SOCKET")
    guard let named else { return Self.standardAddress }
    do {
      return try ServerAddress(named)
    } catch {
      throw CommandFailure(
        .usage, "the address \(error)", next: "correct --socket or IPLEDGER_SOCKET")
    }
  }

  /// As ipledgerd chooses it for root and for others.
  private static var standardAddress: ServerAddress {
    guard !Console.isRoot, let folder = Console.variable("XDG_RUNTIME_DIR") else {
      return .standard
    }
    return .unix(path: "\(folder)/ipledger.sock")
  }

  var shownToken: String? { token ?? Console.variable("IPLEDGER_TOKEN") }

  /// How long a call may take.
  var limit: Duration { .milliseconds(Int64((timeout ?? 30) * 1_000)) }

  /// How long work may take that grows with the ledger.
  var longLimit: Duration { .milliseconds(Int64((timeout ?? 3_600) * 1_000)) }
}

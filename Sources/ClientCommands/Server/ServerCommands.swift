import ArgumentParser
import IPLedgerClient

/// `ipledger server …`.
struct ServerCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "The daemon itself.",
    subcommands: [Info.self, Stats.self, Health.self, Ping.self])
}

extension ServerCommands {
  /// What it is.
  struct Info: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "info", "Shows the daemon's version, ranges, limits, and the role of who asks.",
      example: "ipledger server info")

    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws { session.show(try session.call("server.info")) }
  }

  /// What it has done.
  struct Stats: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "stats", "Shows counters and how long requests took.",
      example: "ipledger server stats -o json")

    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws { session.show(try session.call("server.stats")) }
  }

  /// Whether it can be relied on now.
  struct Health: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "health", "Shows whether the daemon serves. Exits with 75 if it takes no changes now.",
      example: "ipledger server health || echo not now")

    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let health = try session.call("server.health")
      session.show(health)
      guard health["ready"]?.bool == true else {
        throw CommandFailure(
          .retry, "the daemon takes no changes now",
          next: "look at its log and at the free space of the ledger's disk")
      }
    }
  }

  /// Whether it answers.
  struct Ping: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "ping", "Measures how long an empty call takes.", example: "ipledger server ping --count 3")

    @Option(help: "How often.") var count = 1
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let clock = ContinuousClock()
      for _ in 0..<max(count, 1) {
        let start = clock.now
        _ = try session.call("server.ping")
        let time = clock.now - start
        let microseconds =
          time.components.seconds * 1_000_000 + time.components.attoseconds / 1_000_000_000_000
        switch session.output {
        case .json, .yaml: session.show(["microseconds": .int(microseconds)])
        case .table, .wide, nil: Console.write("answered in \(microseconds) µs\n")
        }
      }
    }
  }
}

import ArgumentParser
import IPLedgerClient

/// `ipledger egress …`.
struct EgressCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "egress", abstract: "Which of the pods' traffic is masqueraded.",
    subcommands: [Classify.self, Render.self])
}

extension EgressCommands {
  /// One flow.
  struct Classify: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "classify", "Says whether traffic from one address to another is masqueraded, and why.",
      example: "ipledger egress classify 10.244.0.2 8.8.8.8")

    @Argument(help: "Where it comes from.") var source: String
    @Argument(help: "Where it goes to.") var destination: String
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(
        try session.call(
          "egress.classify",
          ["source": .string(source), "destination": .string(destination)]))
    }
  }

  /// The rules that do it.
  struct Render: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "render", "Prints the rules that do it, for both families.",
      example: "ipledger egress render --format nftables | nft -f -")

    @Option(help: "nftables or ip-masq-agent.") var format = "nftables"
    @Option(help: "For the pods of this node.") var node: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params: JSON = .members(["format": .string(format), "node": .optional(node)])
      let answer = try session.call("egress.render", params)
      switch session.output {
      case .json, .yaml: session.show(answer)
      case .table, .wide, nil: Console.write(answer["text"]?.string ?? "")
      }
    }
  }
}

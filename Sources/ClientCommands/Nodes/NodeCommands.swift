import ArgumentParser
import IPLedgerClient

/// `ipledger node …`.
struct NodeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node", abstract: "Pod CIDRs of nodes.",
    subcommands: [Register.self, Release.self, Get.self, List.self],
    aliases: ["nodes", "no"])
}

extension NodeCommands {
  /// Cuts pod CIDRs for a node.
  struct Register: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "register", "Gives a node a pod CIDR of each family of the cluster.",
      example: "ipledger node register worker-1 --node-ip 192.0.2.10 --node-ip 2001:db8::10\n"
        + "ipledger node register edge-1 --pod-cidr 10.244.9.0/24")

    @Argument(help: "The node.") var name: String
    @Option(name: .customLong("node-ip"), help: "An address of the node; one a family.")
    var nodeIPs: [String] = []
    @Option(name: .customLong("pod-cidr"), help: "This very block; one a family.")
    var podCIDRs: [String] = []
    @Option(help: "linux or windows.") var os: String?
    @Option(help: "l2bridge or overlay, for Windows.") var networkMode: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params: JSON = .members([
        "name": .string(name), "nodeIPs": .optional(nodeIPs), "podCIDRs": .optional(podCIDRs),
        "os": .optional(os), "networkMode": .optional(networkMode),
      ])
      session.show(try session.call("node.register", params))
    }
  }

  /// Gives pod CIDRs back.
  struct Release: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "release", "Releases the pod CIDRs of a node.",
      example: "ipledger node release worker-1\nipledger node release worker-1 --force")

    @Argument(help: "The node.") var name: String
    @Flag(help: "With the addresses that its pods hold.") var force = false
    @Option(help: "This generation only.") var ifRevision: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params: JSON = .members([
        "name": .string(name), "force": .flag(force), "ifRevision": .optional(ifRevision),
      ])
      session.show(try session.call("node.release", params))
    }
  }

  /// One node.
  struct Get: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "get", "Shows one node.", example: "ipledger node get worker-1")

    @Argument(help: "The node.") var name: String
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(try session.call("node.get", ["name": .string(name)]))
    }
  }

  /// All nodes.
  struct List: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "list", "Lists nodes.", example: "ipledger node list -o wide")

    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(
        list: try session.list("node.list"), Column.nodes, empty: "No node is registered.")
    }
  }
}

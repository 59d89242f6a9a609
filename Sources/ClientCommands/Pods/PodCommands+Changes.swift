import ArgumentParser
import IPLedgerClient

extension PodCommands {
  /// Takes addresses.
  struct Reserve: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "reserve", "Reserves an address of each family of the node for a pod, together.",
      example: "ipledger pod reserve web-0 --node worker-1 --container-id 3f9c\n"
        + "ipledger pod reserve db-0 -n prod --node worker-1 --ip 10.244.0.9 --sticky")

    @OptionGroup var key: PodKeyOptions
    @Option(help: "The node that the pod runs on.") var node: String
    @Option(
      name: .customLong("ip"), help: "This very address; once for each family.")
    var ips: [String] = []
    @Option(
      name: .customLong("family"), help: "IPv4 or IPv6; once for each, in order.")
    var families: [String] = []
    @Option(
      name: .customLong("ttl"),
      help: ArgumentHelp("The reservation ends by itself after that.", valueName: "seconds"))
    var ttlSeconds: Int64?
    @Option(name: [.customShort("l"), .customLong("label")], help: "KEY=VALUE; may be repeated.")
    var labels: [LabelOption] = []
    @Flag(help: "Keep the addresses for the pod's next life after its release.")
    var sticky = false
    @Option(help: "Renew this generation only.") var ifRevision: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard key.name != nil else { throw ValidationError("say which pod: NAME is missing") }
    }

    func work(_ session: Session) throws {
      let more: JSON = .members([
        "node": .string(node), "ipFamilies": .optional(families), "ips": .optional(ips),
        "ttlSeconds": .optional(ttlSeconds), "labels": LabelOption.object(labels),
        "sticky": .flag(sticky), "ifRevision": .optional(ifRevision),
      ])
      session.show(
        try session.call("pod.reserve", key.members.merging(more)))
    }
  }

  /// Gives addresses back.
  struct Release: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "release", "Releases what a pod holds; nothing held is no error.",
      example: "ipledger pod release web-0 --container-id 3f9c\n"
        + "ipledger pod release web-0 --all\n"
        + "ipledger pod release --ip fd00:10:244::2\n"
        + "ipledger pod release --node worker-1 --container-id 3f9c")

    @OptionGroup var key: PodKeyOptions
    @Option(help: "An address that the pod holds, instead of its name.") var ip: String?
    @Option(help: "With --container-id instead of a name: all its interfaces.") var node: String?
    @Flag(help: "All reservations of that name.") var all = false
    @Option(help: "This generation only.") var ifRevision: Int64?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard [key.name, ip, node].filter({ $0 != nil }).count == 1 else {
        throw ValidationError("say which pod: by NAME, by --ip, or by --node and --container-id")
      }
    }

    func work(_ session: Session) throws {
      let which: JSON =
        if let ip {
          ["ip": .string(ip)]
        } else if let node {
          .members(["node": .string(node), "containerID": .optional(key.containerID)])
        } else {
          key.members.with("all", .flag(all))
        }
      let params = which.with("ifRevision", .optional(ifRevision))
      session.show(try session.call("pod.release", params))
    }
  }
}

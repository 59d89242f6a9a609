import ArgumentParser
import IPLedgerClient

/// `ipledger pod …`.
struct PodCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pod", abstract: "Addresses of pods.",
    subcommands: [
      Reserve.self, Release.self, Forget.self, Get.self, List.self, Reconcile.self,
    ],
    aliases: ["pods", "po"])
}

extension PodCommands {
  /// One pod, by its key or by an address.
  struct Get: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "get", "Shows one reservation of a pod.",
      example: "ipledger pod get web-0 --container-id 3f9c\nipledger pod get --ip 10.244.0.2")

    @OptionGroup var key: PodKeyOptions
    @Option(help: "An address that the pod holds, instead of its name.") var ip: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard (key.name == nil) != (ip == nil) else {
        throw ValidationError("say which pod: by NAME or by --ip")
      }
    }

    func work(_ session: Session) throws {
      let params = ip.map { ["ip": .string($0)] } ?? key.members
      session.show(try session.call("pod.get", params))
    }
  }

  /// Many pods.
  struct List: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "list", "Lists reservations of pods.",
      example: "ipledger pod list --node worker-1 -o wide\nipledger pod list -n prod -l app=web")

    @Option(help: "Of this node only.") var node: String?
    @Option(name: .shortAndLong, help: "Of this namespace only.") var namespace: String?
    @Option(name: [.customShort("l"), .customLong("label")], help: "With this label: KEY=VALUE.")
    var labels: [LabelOption] = []
    @Option(help: "Of this network only.") var network: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let answer = try session.list(
        "pod.list",
        .members([
          "node": .optional(node), "namespace": .optional(namespace),
          "labels": LabelOption.object(labels), "network": .optional(network),
        ]))
      session.show(list: answer, Column.pods, empty: "No pods hold addresses there.")
    }
  }

  /// Ends what `--sticky` began.
  struct Forget: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "forget", "Gives back the addresses that are kept for a pod after its release.",
      example: "ipledger pod forget db-0 -n prod")

    @Argument(help: "The pod.") var name: String
    @Option(name: .shortAndLong, help: "Its namespace.") var namespace = "default"
    @Option(help: "The network.") var network: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      let params: JSON = .members([
        "namespace": .string(namespace), "name": .string(name), "network": .optional(network),
      ])
      session.show(try session.call("pod.forget", params))
    }
  }
}

import ArgumentParser
import IPLedgerClient

/// The members that make up the key of a pod's reservation.
struct PodKeyOptions: ParsableArguments {
  @Argument(help: "The pod.") var name: String?

  @Option(name: .shortAndLong, help: "Its namespace.")
  var namespace = "default"

  @Option(help: "The pod's uid.") var uid: String?

  @Option(name: .customLong("container-id"), help: "The sandbox or container.")
  var containerID: String?

  @Option(help: "The interface in the pod; eth0 when there is none.") var interface: String?

  @Option(help: "A named pool instead of the node's pod CIDRs.") var network: String?

  /// The key by name; it has one by the time this is asked for.
  var members: JSON {
    .members([
      "namespace": .string(namespace), "name": .optional(name), "uid": .optional(uid),
      "containerID": .optional(containerID), "interface": .optional(interface),
      "network": .optional(network),
    ])
  }
}

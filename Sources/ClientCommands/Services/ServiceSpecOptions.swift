import ArgumentParser
import IPLedgerClient

/// The address fields of a Service's spec.
struct ServiceSpecOptions: ParsableArguments {
  @Option(help: "ClusterIP, NodePort, LoadBalancer or ExternalName.") var type: String?
  @Option(
    name: .customLong("policy"),
    help: "ipFamilyPolicy: SingleStack, PreferDualStack or RequireDualStack.")
  var policy: String?
  @Option(name: .customLong("family"), help: "IPv4 or IPv6; once for each, in order.")
  var families: [String] = []
  @Option(
    name: .customLong("cluster-ip"), help: "This very address, or None; once for each family.")
  var clusterIPs: [String] = []
  @Option(name: .customLong("selector"), help: "KEY=VALUE; may be repeated.")
  var selector: [LabelOption] = []
  @Option(help: "The name of an ExternalName Service.") var externalName: String?
  @Option(name: .customLong("load-balancer-ip"), help: "This very ingress address.")
  var loadBalancerIP: String?
  @Option(help: "Who balances; another than ipledger's ranges.") var loadBalancerClass: String?
  @Option(help: "The Service's uid.") var uid: String?
  @Flag(help: "Only say what would happen.") var dryRun = false

  /// `spec`, `uid` and `dryRun`, as the methods take them.
  var members: JSON {
    .members([
      "uid": .optional(uid),
      "spec": .members([
        "type": .optional(type), "selector": LabelOption.object(selector),
        "clusterIP": .optional(clusterIPs.first), "clusterIPs": .optional(clusterIPs),
        "ipFamilies": .optional(families), "ipFamilyPolicy": .optional(policy),
        "externalName": .optional(externalName), "loadBalancerIP": .optional(loadBalancerIP),
        "loadBalancerClass": .optional(loadBalancerClass),
      ]), "dryRun": .flag(dryRun),
    ])
  }
}

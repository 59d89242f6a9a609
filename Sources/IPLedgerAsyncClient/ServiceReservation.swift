public import IPLedgerClient

/// What a Service has been given, durably.
public struct ServiceReservation: Sendable, Hashable {
  public let namespace: String
  public let name: String

  /// The address fields that have a value, as Kubernetes names them.
  public let spec: JSON

  /// The first is the primary one; `None` for a headless Service, nothing for an ExternalName.
  public let clusterIPs: [String]

  /// Those of its load balancer, when ranges for them are configured.
  public let ingressIPs: [String]

  /// Addresses that an update took back.
  public let released: [String]

  /// The Service had them before.
  public let existing: Bool

  /// The reservation's generation: what `ifRevision` is compared with.
  public let revision: Int64

  init(_ result: JSON) throws(ClientError) {
    namespace = try result.text("namespace")
    name = try result.text("name")
    spec = result["spec"] ?? [:]
    clusterIPs = spec["clusterIPs"]?.strings ?? []
    let ingress = result["status"]?["loadBalancer"]?["ingress"]?.array ?? []
    ingressIPs = ingress.compactMap { $0["ip"]?.string }
    released = result["released"]?.strings ?? []
    existing = result["existing"]?.bool ?? false
    revision = try result.number("revision")
  }
}

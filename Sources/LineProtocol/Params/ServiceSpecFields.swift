/// The fields of a Service's `spec` that decide about its addresses, as sent.
///
/// Nothing is judged here but the JSON types: the rules are Kubernetes' and belong to the policy.
package struct ServiceSpecFields: Sendable, Hashable {
  package var type: String?
  package var selector: [String: String]?
  package var clusterIP: String?
  package var clusterIPs: [String]?
  package var ipFamilyPolicy: String?
  package var ipFamilies: [String]?
  package var externalName: String?
  package var loadBalancerIP: String?
  package var loadBalancerClass: String?

  private enum Key: String, CaseIterable {
    case type, selector, clusterIP, clusterIPs, ipFamilyPolicy, ipFamilies, externalName
    case loadBalancerIP, loadBalancerClass
    // Kubernetes has these too; they say nothing about addresses. `topologyKeys` went with 1.22.
    case ports, sessionAffinity, sessionAffinityConfig, externalIPs, externalTrafficPolicy
    case internalTrafficPolicy, healthCheckNodePort, publishNotReadyAddresses
    case loadBalancerSourceRanges, allocateLoadBalancerNodePorts, trafficDistribution
    case topologyKeys
  }

  private static let names = ParamNames<Key>()

  package init() {}

  /// Reads the object that the decoder stands at; nil when it is none.
  init?(_ decoder: inout ParamsDecoder) {
    guard let outer = decoder.enterObject() else { return nil }
    while let key = decoder.next(Self.names) {
      switch key {
      case .type: type = decoder.string()
      case .selector: selector = decoder.stringMap()
      case .clusterIP: clusterIP = decoder.string()
      case .clusterIPs: clusterIPs = decoder.strings()
      case .ipFamilyPolicy: ipFamilyPolicy = decoder.string()
      case .ipFamilies: ipFamilies = decoder.strings()
      case .externalName: externalName = decoder.string()
      case .loadBalancerIP: loadBalancerIP = decoder.string()
      case .loadBalancerClass: loadBalancerClass = decoder.string()
      case .ports, .sessionAffinity, .sessionAffinityConfig, .externalIPs, .externalTrafficPolicy,
        .internalTrafficPolicy, .healthCheckNodePort, .publishNotReadyAddresses,
        .loadBalancerSourceRanges, .allocateLoadBalancerNodePorts, .trafficDistribution,
        .topologyKeys:
        decoder.skip()
      }
    }
    decoder.leaveObject(outer)
  }

  /// The names of Kubernetes' other fields: taken with any value, and not kept.
  static let ignoredNames = Key.allCases.map(\.rawValue).drop { $0 != Key.ports.rawValue }
}

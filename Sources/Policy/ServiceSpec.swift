/// The fields of a Service's `spec` that decide about its addresses, as sent or as stored.
package struct ServiceSpec: Sendable, Equatable {
  package var type: String?
  package var clusterIP: String?
  package var clusterIPs: [String]?
  package var ipFamilyPolicy: String?
  package var ipFamilies: [String]?
  package var selector: [String: String]?
  package var externalName: String?
  package var loadBalancerIP: String?
  package var loadBalancerClass: String?

  package init(
    type: String? = nil, clusterIP: String? = nil, clusterIPs: [String]? = nil,
    ipFamilyPolicy: String? = nil, ipFamilies: [String]? = nil, selector: [String: String]? = nil,
    externalName: String? = nil, loadBalancerIP: String? = nil, loadBalancerClass: String? = nil
  ) {
    self.type = type
    self.clusterIP = clusterIP
    self.clusterIPs = clusterIPs
    self.ipFamilyPolicy = ipFamilyPolicy
    self.ipFamilies = ipFamilies
    self.selector = selector
    self.externalName = externalName
    self.loadBalancerIP = loadBalancerIP
    self.loadBalancerClass = loadBalancerClass
  }
}

/// The types that a Service can have.
enum ServiceType: String {
  case clusterIP = "ClusterIP"
  case nodePort = "NodePort"
  case loadBalancer = "LoadBalancer"
  case externalName = "ExternalName"
}

extension ServiceSpec {
  /// What stands in `clusterIP` and `clusterIPs` of a headless Service, spelled exactly so.
  static let none = "None"

  var isExternalName: Bool { type == ServiceType.externalName.rawValue }

  var isLoadBalancer: Bool { type == ServiceType.loadBalancer.rawValue }

  var isHeadless: Bool { clusterIPs == [Self.none] }
}

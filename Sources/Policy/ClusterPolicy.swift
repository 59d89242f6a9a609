package import Addressing

/// Kubernetes' rules for the ranges that a cluster is configured with (semantics §8.2, §14.1).
///
/// A Service range may overlap a cluster CIDR: the blocks that it touches are never handed out.
package enum ClusterPolicy {
  /// What the ranges are called where they were configured: the findings' fields.
  package struct Names: Sendable {
    package let serviceRanges: String
    package let clusterCIDRs: String
    package let nodeMaskIPv4: String
    package let nodeMaskIPv6: String

    package init(
      serviceRanges: String, clusterCIDRs: String, nodeMaskIPv4: String, nodeMaskIPv6: String
    ) {
      self.serviceRanges = serviceRanges
      self.clusterCIDRs = clusterCIDRs
      self.nodeMaskIPv4 = nodeMaskIPv4
      self.nodeMaskIPv6 = nodeMaskIPv6
    }

    func nodeMask(_ family: IPFamily) -> String {
      switch family {
      case .ipv4: nodeMaskIPv4
      case .ipv6: nodeMaskIPv6
      }
    }
  }

  /// The prefix length of a node's block where none is configured.
  package static func defaultNodeMask(_ family: IPFamily) -> Int {
    switch family {
    case .ipv4: 24
    case .ipv6: 64
    }
  }

  /// What is wrong with the ranges; a mask is nil where none was configured.
  package static func causes(
    serviceRanges: [CIDR], clusterCIDRs: [CIDR], nodeMaskIPv4: Int?, nodeMaskIPv6: Int?,
    names: Names
  ) -> [Cause] {
    pairCauses(serviceRanges, field: names.serviceRanges)
      + lengthCauses(serviceRanges, field: names.serviceRanges)
      + pairCauses(clusterCIDRs, field: names.clusterCIDRs)
      + maskCauses(nodeMaskIPv4, of: .ipv4, clusterCIDRs, names)
      + maskCauses(nodeMaskIPv6, of: .ipv6, clusterCIDRs, names)
  }

  private static func pairCauses(_ ranges: [CIDR], field: String) -> [Cause] {
    guard Set(ranges.map(\.family)).count < ranges.count else { return [] }
    return [Cause(field, .invalid, "must be one range, or two of different families")]
  }

  private static func lengthCauses(_ ranges: [CIDR], field: String) -> [Cause] {
    ranges.filter { $0.family == .ipv6 && $0.prefixLength < 64 }
      .map { Cause(field, .invalid, "\($0) is too wide: IPv6 Service ranges are /64 or longer") }
  }

  /// How a node's block fits the cluster CIDR of its family.
  private static func maskCauses(
    _ mask: Int?, of family: IPFamily, _ clusterCIDRs: [CIDR], _ names: Names
  ) -> [Cause] {
    guard let cluster = clusterCIDRs.first(where: { $0.family == family }) else {
      guard mask != nil, !clusterCIDRs.isEmpty else { return [] }
      let message = "there is no cluster CIDR of the family \(family.name)"
      return [Cause(names.nodeMask(family), .invalid, message)]
    }
    let length = mask ?? defaultNodeMask(family)
    // What was not configured cannot be what is wrong.
    let field = mask == nil ? names.clusterCIDRs : names.nodeMask(family)
    guard length <= family.bitWidth else {
      return [Cause(field, .invalid, "must be at most \(family.bitWidth)")]
    }
    guard length >= cluster.prefixLength else {
      return [Cause(field, .invalid, "node blocks of /\(length) are wider than \(cluster)")]
    }
    guard family == .ipv6, length - cluster.prefixLength > 16 else { return [] }
    let message = "node blocks of /\(length) are more than 16 bits longer than \(cluster)"
    return [Cause(field, .invalid, message)]
  }
}

package import Addressing

/// Kubernetes' rules for a node's blocks and addresses, as far as they need no knowledge of what
/// is taken (semantics §14.2, §15).
package enum NodePolicy {
  /// What is wrong with a registration; `podCIDRs` is nil when the server is to choose the blocks.
  package static func causes(
    podCIDRs: [CIDR]?, nodeIPs: [IPAddress], isWindows: Bool, isOverlay: Bool,
    clusterFamilies: [IPFamily]
  ) -> [Cause] {
    repeatCauses("nodeIPs", nodeIPs, family: \.family)
      + blockCauses(podCIDRs, clusterFamilies: clusterFamilies)
      + (isWindows ? windowsCauses(isOverlay: isOverlay, clusterFamilies) : [])
  }

  private static func blockCauses(_ blocks: [CIDR]?, clusterFamilies: [IPFamily]) -> [Cause] {
    guard let blocks, !blocks.isEmpty else {
      guard clusterFamilies.isEmpty else { return [] }
      return [Cause("podCIDRs", .required, "there is no cluster CIDR to take blocks from")]
    }
    let repeats = repeatCauses("podCIDRs", blocks, family: \.family)
    guard !clusterFamilies.isEmpty else { return repeats }
    let unknown = blocks.enumerated().filter { !clusterFamilies.contains($1.family) }
      .map { index, block in
        let message = "there is no cluster CIDR of the family \(block.family.name)"
        return Cause("podCIDRs[\(index)]", .invalid, message)
      }
    let isInOrder = blocks.first?.family == clusterFamilies.first || blocks.count == 1
    guard repeats.isEmpty, unknown.isEmpty, !isInOrder else { return repeats + unknown }
    let order = clusterFamilies.map(\.name).joined(separator: ", ")
    return [Cause("podCIDRs", .invalid, "must be in the cluster's order of families: \(order)")]
  }

  /// At most one of a family, so at most two.
  private static func repeatCauses<Value: Equatable>(
    _ field: String, _ values: [Value], family: (Value) -> IPFamily
  ) -> [Cause] {
    values.enumerated().compactMap { index, value in
      let earlier = values[..<index]
      if earlier.contains(value) {
        return Cause("\(field)[\(index)]", .duplicate, "is given twice")
      }
      guard earlier.contains(where: { family($0) == family(value) }) else { return nil }
      return Cause("\(field)[\(index)]", .invalid, "at most one of each family may be given")
    }
  }

  /// Windows needs IPv4, and its overlay network carries one family only.
  private static func windowsCauses(
    isOverlay: Bool, _ clusterFamilies: [IPFamily]
  ) -> [Cause] {
    if clusterFamilies == [.ipv6] {
      return [Cause("os", .notSupported, "a Windows node cannot join an IPv6-only cluster")]
    }
    guard isOverlay, clusterFamilies.count == 2 else { return [] }
    let message = "a Windows node joins a dual-stack cluster with l2bridge only"
    return [Cause("networkMode", .notSupported, message)]
  }
}

import Addressing
import Allocation
import Policy

// The address ranges of the cluster.
extension SettingValues {
  mutating func readCluster() -> ClusterConfiguration {
    var cluster = ClusterConfiguration()
    let mistakes = findings.count
    cluster.serviceRanges = readBlocks(.serviceClusterIPRange, maskingHostBits: false)
    cluster.clusterCIDRs = readBlocks(.clusterCIDR, maskingHostBits: true)
    cluster.pools = readPools(besides: cluster.serviceRanges + cluster.clusterCIDRs)
    cluster.loadBalancerRanges = readLoadBalancerRanges(
      besides: cluster.serviceRanges + cluster.clusterCIDRs + cluster.pools.flatMap(\.cidrs))
    let masks = (ipv4: number(.nodeCIDRMaskSizeIPv4), ipv6: number(.nodeCIDRMaskSizeIPv6))
    cluster.nodePrefixLengthIPv4 = masks.ipv4 ?? cluster.nodePrefixLengthIPv4
    cluster.nodePrefixLengthIPv6 = masks.ipv6 ?? cluster.nodePrefixLengthIPv6
    cluster.reservesGateway = boolean(.reserveGateway) ?? cluster.reservesGateway
    cluster.quarantineSeconds = number(.quarantineSeconds) ?? cluster.quarantineSeconds
    cluster.stickySeconds = number(.stickySeconds) ?? cluster.stickySeconds
    cluster.isQuarantineStrict = text(.quarantine) == QuarantineMode.strict.rawValue
    // A range that could not be read would be missed by rules that look at all of them.
    guard findings.count == mistakes else { return cluster }
    let causes = ClusterPolicy.causes(
      serviceRanges: cluster.serviceRanges, clusterCIDRs: cluster.clusterCIDRs,
      nodeMaskIPv4: masks.ipv4, nodeMaskIPv6: masks.ipv6, names: Self.names)
    for cause in causes {
      let source = Setting(rawValue: cause.field).map { self.source($0) }
      find(source ?? .standard(cause.field), cause.reason, cause.message)
    }
    return cluster
  }

  /// Kubernetes masks host bits off cluster CIDRs (semantics §14.1); in a Service range they are a
  /// mistake.
  mutating func readBlocks(_ setting: Setting, maskingHostBits: Bool) -> [CIDR] {
    var blocks: [CIDR] = []
    for text in list(setting) ?? [] {
      do throws(AddressTextError) {
        blocks.append(try CIDR(parsing: text.utf8Span.span))
      } catch {
        if case .hostBits(let block) = error, maskingHostBits {
          blocks.append(block)
        } else {
          find(source(setting), .invalid, "'\(text)' \(error.message)")
        }
      }
    }
    return blocks
  }

  /// - Parameter others: ranges that none may overlap.
  private mutating func readLoadBalancerRanges(besides others: [CIDR]) -> [CIDR] {
    let ranges = readBlocks(.loadBalancer, maskingHostBits: false)
    var taken = others
    for range in ranges {
      if let other = taken.first(where: { $0.overlaps(range) }) {
        find(source(.loadBalancer), .invalid, "\(range) overlaps the range \(other)")
      }
      taken.append(range)
    }
    return ranges
  }

  /// The rules' findings come back under the settings' keys.
  private static let names = ClusterPolicy.Names(
    serviceRanges: Setting.serviceClusterIPRange.key, clusterCIDRs: Setting.clusterCIDR.key,
    nodeMaskIPv4: Setting.nodeCIDRMaskSizeIPv4.key, nodeMaskIPv6: Setting.nodeCIDRMaskSizeIPv6.key)
}

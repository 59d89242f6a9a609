package import AddressBitmap
package import Addressing
import Synchronization

/// A range with its numbers.
package struct RangeStatus: Sendable {
  package enum Subject: Sendable {
    /// A Service range, counted in addresses.
    case service(AddressRange)
    /// A cluster CIDR, counted in node blocks.
    case cluster(BlockRange)
    /// A pool's range, counted in addresses.
    case pool(AddressRange, name: [UInt8])
    /// A node's block, counted in addresses.
    case node(AddressRange, name: [UInt8])
  }

  package let subject: Subject
  package let capacity: UInt128
  package let reserved: UInt128
  package let quarantined: UInt128

  init(_ subject: Subject, now: Int64) {
    self.subject = subject
    switch subject {
    case .service(let range), .node(let range, _), .pool(let range, _):
      range.endRests(now: now)
      capacity = range.capacity
      reserved = UInt128(range.heldCount)
      quarantined = UInt128(range.restingCount)
    case .cluster(let range):
      capacity = UInt128(range.capacity)
      reserved = UInt128(range.reserved)
      quarantined = 0
    }
  }

  package var cidr: CIDR {
    switch subject {
    case .service(let range), .node(let range, _), .pool(let range, _): range.cidr
    case .cluster(let range): range.clusterCIDR
    }
  }

  /// `service-ipv4`, `pod-ipv6`, a pool's name with `-ipv4`; a node's block is named by its CIDR.
  package var name: String {
    switch subject {
    case .service: "service-\(cidr.family.name.lowercased())"
    case .cluster: "pod-\(cidr.family.name.lowercased())"
    case .pool(_, let name):
      "\(String(decoding: name, as: UTF8.self))-\(cidr.family.name.lowercased())"
    case .node: "\(cidr)"
    }
  }
}

extension AllocationEngine {
  /// The configured ranges: Service ranges, cluster CIDRs, pools, each in the configured order.
  package func ranges() -> (ranges: [RangeStatus], revision: UInt64) {
    visibility.withLock { revision in
      let now = now()
      let services = serviceRanges.map { RangeStatus(.service($0), now: now) }
      let clusters = registry.clusterRanges.map { RangeStatus(.cluster($0), now: now) }
      let pools = pools.flatMap { pool in
        pool.ranges.array.map { RangeStatus(.pool($0, name: pool.name), now: now) }
      }
      return (services + clusters + pools, revision)
    }
  }

  /// The range of this name.
  package func range(named name: String) -> (range: RangeStatus, revision: UInt64)? {
    let (ranges, revision) = ranges()
    if let range = ranges.first(where: { $0.name == name }) { return (range, revision) }
    return CIDR(name).flatMap { range(of: $0) }
  }

  /// The range or node's block that is exactly this CIDR.
  ///
  /// A block that is a whole cluster CIDR is found as the cluster CIDR.
  package func range(of cidr: CIDR) -> (range: RangeStatus, revision: UInt64)? {
    let (ranges, revision) = ranges()
    if let range = ranges.first(where: { $0.cidr == cidr }) { return (range, revision) }
    return visibility.withLock { revision in
      guard let name = registry.node(exactly: cidr),
        let range = directory[name.span]?.range(cidr.family)
      else { return nil }
      return (RangeStatus(.node(range, name: name), now: now()), revision)
    }
  }
}

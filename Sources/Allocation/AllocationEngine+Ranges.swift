package import AddressBitmap
package import Addressing
import Policy

/// A range with its numbers.
package struct RangeStatus: Sendable {
  package enum Subject: Sendable {
    /// A Service range, counted in addresses.
    case service(AddressRange)
    /// Where Services of type LoadBalancer get their ingress addresses.
    case loadBalancer(AddressRange)
    /// A cluster CIDR, counted in node blocks.
    case cluster(BlockRange)
    /// A pool's range, counted in addresses.
    case pool(AddressRange)
    /// A node's block, counted in addresses.
    case node(AddressRange, name: [UInt8])
  }

  package let subject: Subject

  /// `service-ipv4`, `pod-ipv6`, a pool's name with `-ipv4`, or what it was added as; a node's
  /// block is named by its CIDR.
  package let name: String

  /// Nothing new is handed out.
  package let isDraining: Bool
  package let capacity: UInt128
  package let reserved: UInt128

  /// Excluded, and held by nobody.
  package let excluded: UInt128
  package let quarantined: UInt128

  init(_ subject: Subject, name: String, isDraining: Bool = false, now: Int64) {
    self.subject = subject
    self.name = name
    self.isDraining = isDraining
    switch subject {
    case .service(let range), .loadBalancer(let range), .pool(let range), .node(let range, _):
      range.endRests(now: now)
      capacity = range.capacity
      reserved = UInt128(range.heldCount)
      excluded = range.excludedCount
      quarantined = UInt128(range.restingCount)
    case .cluster(let range):
      capacity = UInt128(range.capacity)
      reserved = UInt128(range.reserved)
      excluded = UInt128(range.excludedCount)
      quarantined = 0
    }
  }

  init(_ item: RangeBook.Item, now: Int64) {
    self.init(
      Self.subject(item), name: item.object.name, isDraining: item.object.isDraining, now: now)
  }

  /// A range that is no more, as it was.
  package init(removed object: RangeObject, _ configuration: ClusterConfiguration) {
    let source: RangeSource =
      if object.purpose == .pod {
        .blocks(
          BlockRange(
            clusterCIDR: object.cidr,
            nodePrefixLength: configuration.nodePrefixLength(object.cidr.family)))
      } else {
        .addresses(AllocationEngine.makeRange(object.cidr, object.purpose, configuration))
      }
    self.init(RangeBook.Item(object: object, source: source), now: 0)
  }

  private static func subject(_ item: RangeBook.Item) -> Subject {
    switch item.source {
    case .blocks(let range): .cluster(range)
    case .addresses(let range):
      switch item.object.purpose {
      case .service: .service(range)
      case .loadBalancer: .loadBalancer(range)
      case .pool, .pod: .pool(range)
      }
    }
  }

  /// What neither anybody has nor anything keeps from being handed out.
  package var free: UInt128 {
    let used = reserved + excluded + quarantined
    return capacity > used ? capacity - used : 0
  }

  package var cidr: CIDR {
    switch subject {
    case .service(let range), .loadBalancer(let range), .pool(let range), .node(let range, _):
      range.cidr
    case .cluster(let range): range.clusterCIDR
    }
  }
}

extension AllocationEngine {
  package var serviceRanges: [AddressRange] { book.services }

  /// The cluster CIDRs, in the order in which nodes get blocks of them.
  package var clusterCIDRs: [CIDR] { registry.clusterRanges.map(\.clusterCIDR) }

  /// The families of the cluster CIDRs, primary first.
  package var clusterFamilies: [IPFamily] {
    clusterCIDRs.map(\.family).reduce(into: []) { families, family in
      if !families.contains(family) { families.append(family) }
    }
  }

  /// The networks beside the nodes' own, by the names that pods give them; their ranges are handed
  /// out as those of a node's blocks are.
  package var pools: [NodeRuntime] { book.pools }

  /// The configured ranges, by the names that they have everywhere.
  static func configuredRanges(
    _ configuration: ClusterConfiguration, _ registry: NodeRegistry
  ) -> [RangeBook.Item] {
    var items: [RangeBook.Item] = []
    func add(_ cidr: CIDR, _ purpose: RangePurpose, _ prefix: String, _ source: RangeSource) {
      let name = "\(prefix)-\(cidr.family.name.lowercased())"
      let count = items.count { $0.object.name == name || $0.object.name.hasPrefix("\(name)-") }
      items.append(
        RangeBook.Item(
          object: RangeObject(
            name: count == 0 ? name : "\(name)-\(count + 1)", purpose: purpose, cidr: cidr,
            isConfigured: true),
          source: source))
    }
    for cidr in configuration.serviceRanges {
      add(cidr, .service, "service", .addresses(makeRange(cidr, .service, configuration)))
    }
    for range in registry.clusterRanges { add(range.clusterCIDR, .pod, "pod", .blocks(range)) }
    for pool in configuration.pools {
      for cidr in pool.cidrs {
        add(cidr, .pool, pool.name, .addresses(makeRange(cidr, .pool, configuration)))
      }
    }
    for cidr in configuration.loadBalancerRanges {
      let range = makeRange(cidr, .loadBalancer, configuration)
      add(cidr, .loadBalancer, "loadBalancer", .addresses(range))
    }
    return items
  }

  static func makeRange(
    _ cidr: CIDR, _ purpose: RangePurpose, _ configuration: ClusterConfiguration
  ) -> AddressRange {
    switch purpose {
    case .service:
      let size = ServiceBands.staticBandSize(of: cidr)
      return AddressRange(cidr: cidr, use: .service(staticBandSize: size))
    case .loadBalancer: return AddressRange(cidr: cidr, use: .service(staticBandSize: 0))
    case .pool, .pod: return AddressRange(cidr: cidr, use: podUse(configuration))
    }
  }

  /// The Service or LoadBalancer range that the address lies in.
  func serviceRange(of address: IPAddress) -> AddressRange? {
    book.services.first { $0.cidr.contains(address) }
      ?? book.loadBalancers.first { $0.cidr.contains(address) }
  }

  /// All ranges but the nodes' blocks: Service ranges, cluster CIDRs, pools, LoadBalancer ranges,
  /// those added last.
  package func allRanges() -> (ranges: [RangeStatus], revision: UInt64) {
    visibility.withLock { revision in
      let now = now()
      return (book.items.map { RangeStatus($0, now: now) }, revision)
    }
  }

  /// The range of this name.
  package func range(named name: String) -> (range: RangeStatus, revision: UInt64)? {
    let (ranges, revision) = allRanges()
    if let range = ranges.first(where: { $0.name == name }) { return (range, revision) }
    return CIDR(name).flatMap { range(of: $0) }
  }

  /// The range or node's block that is exactly this CIDR.
  ///
  /// A block that is a whole cluster CIDR is found as the cluster CIDR.
  package func range(of cidr: CIDR) -> (range: RangeStatus, revision: UInt64)? {
    let (ranges, revision) = allRanges()
    if let range = ranges.first(where: { $0.cidr == cidr }) { return (range, revision) }
    return visibility.withLock { revision in
      guard let name = registry.node(exactly: cidr),
        let range = directory[name.span]?.range(cidr.family)
      else { return nil }
      return (RangeStatus(.node(range, name: name), name: "\(cidr)", now: now()), revision)
    }
  }

  /// The ranges and nodes' blocks that overlap one of these blocks.
  package func ranges(touching blocks: [CIDR]) -> [RangeStatus] {
    let (ranges, _) = allRanges()
    let nodes = registry.nodes(touching: blocks).compactMap { directory[$0.span] }
    let now = now()
    return ranges.filter { range in blocks.contains { $0.overlaps(range.cidr) } }
      + nodes.flatMap { node in
        node.ranges.array.filter { range in blocks.contains { $0.overlaps(range.cidr) } }
          .map { RangeStatus(.node($0, name: node.name), name: "\($0.cidr)", now: now) }
      }
  }
}

import Addressing
import Allocation
import Policy

/// What the engine should hold and answer: plain dictionaries, one thread, no bits.
struct Model {
  struct Block {
    let cidr: CIDR
    let node: String
  }

  let configuration: ClusterConfiguration
  var entries: [Subject: ModelEntry] = [:]
  /// Who has a record on the way, and which.
  var busy: [Subject: ModelChange] = [:]
  var revision: UInt64 = 0
  var isWritable = true

  /// The blocks of durable nodes.
  var ranges: [String: [ModelRange]] = [:]
  /// Blocks held and about to be held.
  var blocks: [Block] = []
  /// Index of the node block to look at first.
  var nextBlock: [IPFamily: Int] = [:]

  /// Where it stood before a node chose its blocks.
  var formerBlock: [String: [IPFamily: Int]] = [:]
  /// Service addresses held and about to be held.
  var serviceAddresses: Set<IPAddress> = []

  /// What the ledger has as the spec last sent where an update without a record has sent another.
  var recordedSpecs: [Subject: (generation: UInt64, sent: ServiceSpec)] = [:]

  /// Durable records, for the next start.
  private(set) var log: [(revision: UInt64, time: Int64, change: ModelChange)] = []

  init(_ configuration: ClusterConfiguration) { self.configuration = configuration }

  var restingAddresses: [IPAddress] {
    ranges.values.joined().flatMap { range in range.rests.keys.map(range.cidr.address(at:)) }
      .sorted()
  }

  /// Whose durable object has the address.
  func owner(of address: IPAddress) -> OwnerName? {
    for (subject, entry) in entries where Self.addresses(entry.object).contains(address) {
      return Self.name(subject, entry.object)
    }
    return nil
  }

  static func addresses(_ object: ModelObject) -> [IPAddress] {
    switch object {
    case .pod(let pod): pod.addresses.map(\.address)
    case .service(let service): service.addresses
    case .node: []
    }
  }

  static func name(_ subject: Subject, _ object: ModelObject) -> OwnerName {
    let key = subject.key.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    switch object {
    case .pod(let pod):
      return .pod(
        namespace: key[1], name: key[2], containerID: pod.containerID, interface: key[4],
        network: key[0])
    case .service: return .service(namespace: key[0], name: key[1])
    case .node: return .node(name: key[0])
    }
  }

  // MARK: The fate of a change

  mutating func began(_ change: ModelChange) {
    busy[change.subject] = change
    if case .node(let node) = change.object {
      if change.type == .reserved {
        blocks += node.podCIDRs.map { Block(cidr: $0, node: node.name) }
      } else if change.type == .released {
        for index in ranges[node.name, default: []].indices {
          ranges[node.name]?[index].isClosed = true
        }
      }
    }
  }

  mutating func becameDurable(_ change: ModelChange, revision: UInt64, time: Int64, now: Int64) {
    busy[change.subject] = nil
    log.append((revision, time, change))
    self.revision = revision
    if change.type == .released {
      entries[change.subject] = nil
      forget(change.object, now)
      return
    }
    entries[change.subject] = ModelEntry(
      object: change.object, generation: change.generation ?? revision,
      reservedAt: change.reservedAt ?? time)
    for address in change.freed { serviceAddresses.remove(address) }
    if case .node(let node) = change.object, change.type == .reserved {
      ranges[node.name] = node.podCIDRs.map { ModelRange($0, configuration) }
    }
  }

  private mutating func forget(_ object: ModelObject, _ now: Int64) {
    switch object {
    case .pod(let pod):
      for address in pod.addresses {
        withRange(pod.node, address.address.family) { $0.release(address.address, since: now) }
      }
    case .service(let service): serviceAddresses.subtract(service.addresses)
    case .node(let node):
      ranges[node.name] = nil
      blocks.removeAll { $0.node == node.name }
    }
  }

  mutating func wasTakenBack(_ change: ModelChange) {
    busy[change.subject] = nil
    switch change.object {
    case .pod(let pod):
      for claim in change.claims.reversed() {
        withRange(pod.node, claim.address.family) { $0.giveBack(claim) }
      }
    case .service:
      for claim in change.claims { serviceAddresses.remove(claim.address) }
    case .node(let node):
      if change.type == .reserved {
        blocks.removeAll { $0.node == node.name }
        if !node.isExplicit { for block in node.podCIDRs { takeBack(block, of: node.name) } }
      }
      for index in ranges[node.name, default: []].indices {
        ranges[node.name]?[index].isClosed = false
      }
    }
  }

  mutating func withRange(_ node: String, _ family: IPFamily, _ body: (inout ModelRange) -> Void) {
    guard let index = ranges[node]?.firstIndex(where: { $0.cidr.family == family }),
      ranges[node] != nil
    else { return }
    body(&ranges[node, default: []][index])
  }

  // MARK: The next start

  /// Everything in flight is lost; what is durable comes back as its records say.
  mutating func restart(now: Int64, wall: Int64) {
    for (subject, recorded) in recordedSpecs {
      guard var entry = entries[subject], entry.generation == recorded.generation,
        case .service(var service) = entry.object
      else { continue }
      service.sent = recorded.sent
      entry.object = .service(service)
      entries[subject] = entry
    }
    recordedSpecs = [:]
    busy = [:]
    isWritable = true
    blocks = []
    ranges = [:]
    serviceAddresses = []
    nextBlock = [:]
    for case .node(let node) in entries.values.map(\.object) {
      blocks += node.podCIDRs.map { Block(cidr: $0, node: node.name) }
      ranges[node.name] = node.podCIDRs.map { ModelRange($0, configuration) }
    }
    for entry in entries.values {
      serviceAddresses.formUnion(Self.serviceAddresses(entry.object))
      guard case .pod(let pod) = entry.object else { continue }
      for address in pod.addresses.map(\.address) {
        withRange(pod.node, address.family) { range in
          if let offset = range.cidr.offset(of: address) { range.held.insert(offset) }
        }
      }
    }
    for (revision, time, change) in log {
      replay(change, revision, since: now - max(0, wall - time))
    }
  }

  private static func serviceAddresses(_ object: ModelObject) -> [IPAddress] {
    guard case .service(let service) = object else { return [] }
    return service.addresses
  }

  /// Cursors and rests: of pods only what came after their node's registration.
  private mutating func replay(_ change: ModelChange, _ revision: UInt64, since: Int64) {
    switch change.object {
    case .pod(let pod):
      let node = Subject(kind: .node, key: pod.node)
      guard let generation = entries[node]?.generation, revision > generation else { return }
      for address in pod.addresses {
        withRange(pod.node, address.address.family) { range in
          guard let offset = range.cidr.offset(of: address.address) else { return }
          if change.type == .reserved, !address.isStatic { range.cursor = offset }
          if change.type == .released, range.rest > 0, !range.held.contains(offset) {
            range.rests[offset] = max(since, range.rests[offset] ?? .min)
          }
        }
      }
    case .node(let node) where change.type == .reserved && !node.isExplicit:
      for block in node.podCIDRs { nextBlock[block.family] = indexAfter(block) }
    default: break
    }
  }
}

import AddressBitmap
package import Addressing

/// A change of the ranges, as asked for; those that take addresses out of use are a
/// `RangeClosingRequest`.
package enum RangeRequest: Sendable {
  /// The range, or its return to use if it is draining.
  case add(name: String, purpose: RangePurpose, cidr: CIDR)
  case remove(RangeName)
  case include([CIDR])
}

/// How a request names a range.
package enum RangeName: Sendable {
  case name(String)
  case cidr(CIDR)
}

/// Ranges that are added and removed, and blocks that are included again.
extension AllocationEngine {
  /// Decides a change of ranges; `.answered` with the newest revision when there is nothing to
  /// change.
  package func changeRanges(
    _ request: RangeRequest, actor: String, into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let decision: Decision<UInt64>
    switch request {
    case .add(let name, let purpose, let cidr):
      decision = try add(RangeObject(name: name, purpose: purpose, cidr: cidr), actor, &batch)
    case .remove(let name):
      decision = try remove(try item(name), actor, &batch)
    case .include(let cidrs):
      var list = book.exclusions
      for cidr in cidrs { list.include(cidr) }
      decision = try include(list, actor, &batch)
    }
    if case .wait = decision { inFlight.wait(waiter) }
    return decision
  }

  func item(_ name: RangeName) throws(Refusal) -> RangeBook.Item {
    let items = book.items
    let text: String
    switch name {
    case .name(let name):
      if let item = items.first(where: { $0.object.name == name }) { return item }
      text = "there is no range \(name)"
      throw .notFound(Cause("name", .invalid, text))
    case .cidr(let cidr):
      if let item = items.first(where: { $0.object.cidr == cidr }) { return item }
      text =
        registry.node(exactly: cidr) == nil
        ? "no range is \(cidr)" : "\(cidr) is a node's block, not a range: release the node"
      throw .notFound(Cause("cidr", .invalid, text))
    }
  }

  private func add(
    _ object: RangeObject, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    if let known = book.item(named: object.name)?.object {
      guard known.purpose == object.purpose, known.cidr == object.cidr else {
        throw .conflict(
          message:
            "there is a range \(known.name) already: \(known.cidr), for \(known.purpose.name)",
          revision: nil, owner: nil)
      }
      guard known.isDraining else { return .answered(revision) }
      return try use(known, actor, &batch)
    }
    if isRangeInFlight(object.key) { return .wait }
    try validate(object)
    try admit()
    try book.propose(object)
    if object.purpose != .pod {
      do throws(Refusal) {
        try registry.keepFree(object.cidr)
      } catch {
        book.withdraw(object)
        throw error
      }
    }
    guard record(.range(object), .reserved, actor, &batch) else {
      book.withdraw(object)
      if object.purpose != .pod { registry.letGo(object.cidr) }
      return .wait
    }
    return .recorded
  }

  /// What a range of this purpose has to be (contract §4, §5).
  private func validate(_ object: RangeObject) throws(Refusal) {
    let family = object.cidr.family
    var causes: [Cause] = []
    switch object.purpose {
    case .service:
      if family == .ipv6, object.cidr.prefixLength < 64 {
        causes.append(Cause("cidr", .invalid, "an IPv6 Service range is a /64 or longer"))
      }
      if !book.services.contains(where: { $0.cidr.family == family }) {
        causes.append(Self.missing(family, "serviceClusterIPRange"))
      }
    case .pod:
      let nodePrefixLength = configuration.nodePrefixLength(family)
      if !registry.clusterRanges.contains(where: { $0.clusterCIDR.family == family }) {
        causes.append(Self.missing(family, "clusterCIDR"))
      } else if object.cidr.prefixLength > nodePrefixLength {
        causes.append(
          Cause("cidr", .invalid, "nodes get /\(nodePrefixLength) blocks: name a wider one"))
      } else if nodePrefixLength - object.cidr.prefixLength > 16 {
        causes.append(
          Cause(
            "cidr", .invalid,
            "/\(nodePrefixLength - 16) is the widest block for /\(nodePrefixLength) node blocks"))
      }
    case .loadBalancer, .pool: break
    }
    guard causes.isEmpty else { throw .invalid(causes) }
  }

  private static func missing(_ family: IPFamily, _ setting: String) -> Cause {
    Cause(
      "cidr", .invalid,
      "no \(family.name) range is configured for this purpose: name one in \(setting) and restart")
  }

  /// Ends the draining of a range.
  private func use(
    _ object: RangeObject, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try admit()
    var object = object
    object.isDraining = false
    return record(.range(object), .updated, actor, &batch) ? .recorded : .wait
  }

  private func remove(
    _ item: RangeBook.Item, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try admit()
    if isRangeInFlight(item.object.key) { return .wait }
    try close(item)
    guard record(.range(item.object), .released, actor, &batch) else {
      reopen(item)
      return .wait
    }
    return .recorded
  }

  /// Nobody gets an address of the range from now on; throws when somebody has one.
  private func close(_ item: RangeBook.Item) throws(Refusal) {
    switch item.source {
    case .blocks(let cluster): try registry.remove(cluster)
    case .addresses(let range):
      range.close()
      guard range.reservedCount > 0 else { return }
      let owner = range.takenAddresses.lazy.compactMap { self.entry(of: $0) }.first
        .flatMap { found in found.handle.kind.map { self.ownerName(found.entry.object, $0) } }
      let count = range.reservedCount
      range.reopen()
      throw .conflict(
        message: """
          \(item.object.cidr) is in use: \(count) of its addresses are held. Drain the range and \
          release them first
          """,
        revision: nil, owner: owner)
    }
  }

  private func reopen(_ item: RangeBook.Item) {
    switch item.source {
    case .blocks(let cluster): registry.add(cluster)
    case .addresses(let range): range.reopen()
    }
  }

  private func include(
    _ list: ExclusionList, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    // Whether somebody else's list is on its way comes first: this one begins with that one.
    if isRangeInFlight(RangeRecord.exclusionsKey) { return .wait }
    guard list != book.exclusions else { return .answered(revision) }
    try admit()
    return record(.exclusions(list.exclusions, .own), .updated, actor, &batch)
      ? .recorded : .wait
  }

  func isRangeInFlight(_ key: [UInt8]) -> Bool { isInFlight(.range, key: key) }

  /// Adds the change to the batch; false: another one of the same object is on its way.
  private func record(
    _ record: RangeRecord, _ type: RecordType, _ actor: String, _ batch: inout ChangeBatch
  ) -> Bool {
    guard let place = begin(record) else { return false }
    batch.append(Change(type, place, actor))
    return true
  }

  /// Marks the object as about to become this; nil: another change of it is on its way.
  func begin(_ record: RangeRecord) -> RangePlace? {
    let object = record.packed()
    let keyHash = ranges.keyHash(object)
    let shard = ranges.shard(of: keyHash)
    return ranges.withShard(shard) { state in
      let key = object.bytes.span.extracting(object.keyRange)
      guard let index = state.find(key, hash: keyHash) else {
        inFlight.began()
        let index = state.insert(object, hash: keyHash, nameHash: nil, phase: .reserving)
        return RangePlace(
          object: object, handle: ObjectHandle(kind: .range, shard: shard, index: index),
          formerPhase: nil)
      }
      guard !state[index].isInFlight else { return nil }
      return RangePlace(
        object: object, handle: ObjectHandle(kind: .range, shard: shard, index: index),
        formerPhase: mark(index, in: &state).phase)
    }
  }
}

/// What a range object, or the list of exclusions, is about to be.
struct RangePlace: Sendable {
  let object: PackedObject
  let handle: ObjectHandle

  /// Nil: it is new.
  let formerPhase: EntryPhase?
}

extension Change {
  init(_ type: RecordType, _ place: RangePlace, _ actor: String) {
    self.init(
      kind: .range, type: type, object: place.object, actor: actor, handle: place.handle,
      formerPhase: place.formerPhase)
  }
}

/// What becomes of a change of ranges.
extension AllocationEngine {
  /// The record is durable.
  func show(_ record: RangeRecord) {
    switch record {
    case .exclusions(let exclusions, _): apply(ExclusionList(exclusions))
    case .range(let object):
      if book.item(named: object.name) != nil {
        book.setDraining(object.name, object.isDraining)
      } else {
        publish(object)
      }
    }
  }

  func showRemoval(_ record: RangeRecord) {
    guard case .range(let object) = record else { return }
    book.remove(object.name)
    if object.purpose != .pod { registry.letGo(object.cidr) }
  }

  func takeBack(_ record: RangeRecord, _ type: RecordType) {
    guard case .range(let object) = record else { return apply(book.exclusions) }
    switch type {
    case .updated:
      if let item = book.item(named: object.name) {
        book.setDraining(object.name, item.object.isDraining)
      }
    case .reserved:
      book.withdraw(object)
      if object.purpose != .pod { registry.letGo(object.cidr) }
    case .released, .expired:
      if let item = book.item(named: object.name) { reopen(item) }
    }
  }

  /// Takes a range that was added into use.
  func publish(_ object: RangeObject) {
    if object.purpose == .pod {
      let cluster = registry.makeClusterRange(object.cidr)
      book.publish(object, .blocks(cluster))
      registry.add(cluster)
    } else {
      book.publish(
        object, .addresses(Self.makeRange(object.cidr, object.purpose, configuration)))
    }
  }

  /// From now on nobody new gets an address of these blocks, and of no others for their sake.
  func apply(_ list: ExclusionList) {
    book.setExclusions(list)
    for node in directory.all {
      for range in node.ranges.array { range.setExclusions(list.cidrs) }
    }
  }

  /// Who has addresses in these blocks, each once, at most `limit`.
  package func owners(in blocks: [CIDR], atMost limit: Int) -> [OwnerName] {
    var seen: [OwnerName] = []
    var handles: Set<UInt32> = []
    let pools = pools.flatMap(\.ranges.array)
    let nodes = registry.nodes(touching: blocks).compactMap { directory[$0.span] }
    let ranges = book.services + book.loadBalancers + pools + nodes.flatMap(\.ranges.array)
    for range in ranges {
      for address in range.takenAddresses(in: blocks) {
        guard seen.count < limit else { return seen }
        guard let (handle, entry) = entry(of: address), let kind = handle.kind,
          handles.insert(handle.number).inserted
        else { continue }
        seen.append(ownerName(entry.object, kind))
      }
    }
    return seen
  }
}

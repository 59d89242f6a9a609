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
    do throws(Refusal) {
      decision = try decide(request, actor, &batch)
    } catch {
      return try resolve(error, batch, waiter)
    }
    if case .wait = decision { inFlight.wait(waiter) }
    return decision
  }

  private func decide(
    _ request: RangeRequest, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    switch request {
    case .add(let name, let purpose, let cidr):
      return try add(RangeObject(name: name, purpose: purpose, cidr: cidr), actor, &batch)
    case .remove(let name):
      return try remove(try item(name).object.name, actor, &batch)
    case .include(let cidrs):
      return try include(cidrs, actor, &batch)
    }
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
          revision: generation(of: known), owner: nil)
      }
      return try use(known.name, actor, &batch)
    }
    if isRangeInFlight(object.key) { return .wait }
    try validate(object)
    try admit()
    if let conflict = book.propose(object) {
      if conflict.isOnItsWay { return .wait }
      throw .conflict(
        message: conflict.message, revision: generation(of: conflict.other), owner: nil)
    }
    if object.purpose != .pod {
      do throws(Refusal) {
        try registry.keepFree(object.cidr)
      } catch {
        book.withdraw(object)
        throw error
      }
    }
    let decision = try record(object.key, .reserved, actor, &batch) { .change(.range(object)) }
    if case .wait = decision {
      book.withdraw(object)
      if object.purpose != .pod { registry.letGo(object.cidr) }
    }
    return decision
  }

  /// The generation of a range; nil: it has no record, for the configuration names it.
  private func generation(of range: RangeObject) -> UInt64? {
    let key = range.key
    let keyHash = hash(key.span)
    return ranges.withShard(ranges.shard(of: keyHash)) { state in
      state.find(key.span, hash: keyHash).flatMap { state[$0].fence }
    }
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
    _ name: String, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try record(Array(name.utf8), .updated, actor, &batch) { () throws(Refusal) in
      var object = try item(.name(name)).object
      guard object.isDraining else { return .nothing }
      try admit()
      object.isDraining = false
      return .change(.range(object))
    }
  }

  private func remove(
    _ name: String, _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try record(Array(name.utf8), .released, actor, &batch) { () throws(Refusal) in
      let item = try item(.name(name))
      try admit()
      return try close(item) ? .change(.range(item.object)) : .wait
    }
  }

  /// Nobody gets an address of the range from now on; throws when somebody has one, and answers
  /// false when somebody is about to.
  private func close(_ item: RangeBook.Item) throws(Refusal) -> Bool {
    switch item.source {
    case .blocks(let cluster): try registry.remove(cluster)
    case .addresses(let range):
      range.close()
      let count = range.reservedCount
      guard count > 0 else { return true }
      range.reopen()
      let holders = range.takenAddresses.lazy.compactMap { self.entry(of: $0) }
      let holder = holders.first { $0.entry.isVisible || $0.entry.isKept }
      guard let (handle, entry) = holder, let kind = handle.kind else { return false }
      throw .conflict(
        message: """
          \(item.object.cidr) is in use: \(count) of its addresses are held. Drain the range and \
          release them first
          """,
        revision: entry.fence, owner: ownerName(entry.object, kind))
    }
    return true
  }

  private func reopen(_ item: RangeBook.Item) {
    switch item.source {
    case .blocks(let cluster): registry.add(cluster)
    case .addresses(let range): range.reopen()
    }
  }

  private func include(
    _ cidrs: [CIDR], _ actor: String, _ batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try record(RangeRecord.exclusionsKey, .updated, actor, &batch) { () throws(Refusal) in
      let former = book.exclusions
      var list = former
      for cidr in cidrs { list.include(cidr) }
      guard list != former else { return .nothing }
      try admit()
      return .change(.exclusions(list.exclusions, .own))
    }
  }

  func isRangeInFlight(_ key: [UInt8]) -> Bool { isInFlight(.range, key: key) }

  /// Adds a change of the object with this key to the batch, unless another one is on its way.
  private func record(
    _ key: [UInt8], _ type: RecordType, _ actor: String, _ batch: inout ChangeBatch,
    _ wish: () throws(Refusal) -> RangeWish
  ) throws(Refusal) -> Decision<UInt64> {
    switch try begin(key, wish) {
    case .begun(let place):
      batch.append(Change(type, place, actor))
      return .recorded
    case .nothing: return .answered(revision)
    case .wait: return .wait
    }
  }

  /// Marks the object with this key as about to become what is wished, unless another change of it
  /// is on its way.
  ///
  /// - Parameter wish: called when the last change of the object is seen, and before the next one
  ///   can begin.
  func begin(
    _ key: [UInt8], _ wish: () throws(Refusal) -> RangeWish
  ) throws(Refusal) -> RangeStart {
    let keyHash = hash(key.span)
    let shard = ranges.shard(of: keyHash)
    return try ranges.withShard(shard) {
      (state: inout ObjectShard) throws(Refusal) -> RangeStart in
      let known = state.find(key.span, hash: keyHash)
      if let known, state[known].isInFlight { return .wait }
      let object: PackedObject
      switch try wish() {
      case .change(let record): object = record.packed()
      case .nothing: return .nothing
      case .wait: return .wait
      }
      let formerPhase: EntryPhase?
      let index: UInt32
      if let known {
        formerPhase = mark(known, in: &state).phase
        index = known
      } else {
        formerPhase = nil
        inFlight.began()
        index = state.insert(object, hash: keyHash, nameHash: nil, phase: .reserving)
      }
      return .begun(
        RangePlace(
          object: object, handle: ObjectHandle(kind: .range, shard: shard, index: index),
          formerPhase: formerPhase))
    }
  }
}

/// What is to become of an object of kind Range.
enum RangeWish {
  case change(RangeRecord)
  case nothing
  /// Something that it depends on is on its way.
  case wait
}

/// What became of the wish.
enum RangeStart: Sendable {
  case begun(RangePlace)
  case nothing
  case wait
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

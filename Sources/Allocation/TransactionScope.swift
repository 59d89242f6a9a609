import AddressBitmap
import Addressing

/// What the operations of one transaction have done so far, so that later ones see it.
///
/// Their changes stand one after the other at the end of a batch. Nothing of it is visible to
/// others: for them the entries are in flight.
struct TransactionScope: Sendable {
  /// Where its changes begin in the batch.
  let first: Int

  /// The last change of an entry, by the number of its handle.
  private var latest: [UInt32: Int] = [:]

  /// The change whose revision is an entry's generation, by the number of its handle.
  private var generations: [UInt32: Int] = [:]

  /// Addresses given up and not taken again, with the change that gives them up.
  private var freed: [IPAddress: Int] = [:]

  /// Nodes that it registers, and nil for those that it releases.
  private var nodes: [[UInt8]: NodeRuntime?] = [:]

  /// The blocks of the nodes that it releases.
  private(set) var releasedBlocks: [BlockHolding] = []

  /// What updates that changed nothing else were sent with, the oldest first.
  var remembered: [RememberedSpec] = []

  init(first: Int) { self.first = first }

  func latestChange(of handle: ObjectHandle) -> Int? { latest[handle.number] }

  /// Nil: the entry's generation is older than the transaction.
  func generation(of handle: ObjectHandle) -> Int? { generations[handle.number] }

  /// Nil: the node is as it was before.
  func node(_ name: Span<UInt8>) -> NodeRuntime?? {
    guard !nodes.isEmpty else { return nil }
    return nodes[Array((0..<name.count).map { name[$0] })]
  }

  func frees(_ address: IPAddress) -> Bool { freed[address] != nil }

  /// Those in the range, the first one that was given up first.
  func freedAddresses(in range: CIDR) -> [IPAddress] {
    guard !freed.isEmpty else { return [] }
    return freed.filter { range.contains($0.key) }
      .sorted { ($0.value, $0.key.value) < ($1.value, $1.key.value) }.map(\.key)
  }

  mutating func note(_ change: borrowing Change, at index: Int) {
    latest[change.handle.number] = index
    if change.renewsGeneration { generations[change.handle.number] = index }
    for address in change.givenUp { freed[address] = index }
    guard change.kind == .node else { return }
    let node = NodeObject(change.object)
    let name = node.key
    if change.isEnd {
      nodes[name] = .some(nil)
      releasedBlocks += node.podCIDRs.map { BlockHolding(block: $0, node: name) }
      // Whoever gets the blocks next begins with addresses of its own.
      freed = freed.filter { address, _ in !node.podCIDRs.contains { $0.contains(address) } }
    } else if change.type == .reserved {
      nodes[name] = change.node
    }
  }

  /// The change that gives the address up, which is taken over from it; nil: none does.
  mutating func takeOver(_ address: IPAddress) -> Int? { freed.removeValue(forKey: address) }
}

/// An entry as a batch sees it.
enum EntryView {
  /// Held, or about to be by an earlier operation of the same transaction; the object is as it will
  /// be then.
  case held(Entry)
  /// Nobody holds it; its addresses are kept.
  case kept(Entry)
  /// Somebody else's change of it is on its way.
  case inFlight
}

extension ChangeBatch {
  /// The entry as the transaction that runs in this batch sees it, or everybody.
  func view(_ entry: Entry, at handle: ObjectHandle) -> EntryView {
    if let transaction, let index = transaction.latestChange(of: handle) {
      var seen = entry
      seen.object = changes[index].object
      return PodObject.isKept(changes[index]) ? .kept(seen) : .held(seen)
    }
    if entry.isInFlight { return .inFlight }
    return entry.isKept ? .kept(entry) : .held(entry)
  }

  /// When and as what an entry came to be, for the record about it that is appended next.
  func origin(of entry: Entry, at handle: ObjectHandle) -> Origin {
    let renewed = transaction?.generation(of: handle)
    return Origin(
      generation: renewed.map { .before(count - $0) } ?? .revision(entry.generation),
      reservedAt: entry.phase == .reserving ? nil : entry.reservedAt)
  }

  /// Whether an earlier operation of the transaction has ended the entry.
  func hasEnded(_ handle: ObjectHandle) -> Bool {
    guard let index = transaction?.latestChange(of: handle) else { return false }
    return changes[index].isEnd
  }

  /// The last change of the transaction so far.
  package var lastOfTransaction: Int? {
    guard let transaction, count > transaction.first else { return nil }
    return count - 1
  }

  /// What `ifRevision` must be; nil: the generation is made by this transaction, and has no
  /// revision yet.
  func fence(of entry: Entry, at handle: ObjectHandle) -> UInt64? {
    transaction?.generation(of: handle) == nil ? entry.fence : nil
  }

  /// The same for a person.
  func fenceText(of entry: Entry, at handle: ObjectHandle) -> String {
    fence(of: entry, at: handle) == nil ? "made by the same transaction" : entry.fenceText
  }

  /// The change of this transaction that the entry's state comes from.
  func ownChange(of handle: ObjectHandle) -> Int? { transaction?.latestChange(of: handle) }

  /// An address of the range that an earlier operation of the transaction gives up.
  mutating func takeOver(_ address: IPAddress, in range: CIDR) -> Claim? {
    guard range.contains(address), let index = transaction?.takeOver(address) else { return nil }
    changes[index].passedOn.append(address)
    return Claim(passedOn: address)
  }

  /// What earlier operations of the transaction give up of the range.
  func freedAddresses(in range: AddressRange) -> [IPAddress] {
    transaction?.freedAddresses(in: range.cidr) ?? []
  }

  /// The claim may take over an address that an earlier operation gives up.
  mutating func note(_ claim: borrowing Claim) {
    guard claim.isPassedOn, let index = transaction?.takeOver(claim.address) else { return }
    changes[index].passedOn.append(claim.address)
  }
}

extension PodObject {
  static func isKept(_ change: borrowing Change) -> Bool {
    change.kind == .pod && PodObject(change.object).isKept
  }
}

extension Change {
  /// Its revision is the generation from now on (contract §3.4).
  fileprivate var renewsGeneration: Bool {
    type == .reserved || type == .updated && kind == .service
  }

  /// Nothing is left of the object: it was released or has expired, and nothing is kept.
  var isEnd: Bool {
    switch type {
    case .reserved, .updated: false
    case .released, .expired: !PodObject.isKept(self)
    }
  }

  /// The addresses that it gives up, unless a later change takes them over.
  var givenUp: [IPAddress] {
    guard isEnd else { return freed.filter { !passedOn.contains($0) } }
    let held: [IPAddress]
    switch kind {
    case .pod: held = PodObject(object).addresses.array.map(\.address)
    case .service: held = ServiceObject.addresses(object)
    case .node, .range: held = []
    }
    return passedOn.isEmpty ? held : held.filter { !passedOn.contains($0) }
  }
}

extension AllocationEngine {
  /// The operations decided from now on are one transaction: all of their changes, or none.
  package func beginTransaction(in batch: inout ChangeBatch) {
    precondition(batch.transaction == nil, "transactions do not nest")
    batch.transaction = TransactionScope(first: batch.count)
  }

  /// All operations were decided: their changes are committed as one.
  package func endTransaction(in batch: inout ChangeBatch) { batch.transaction = nil }

  /// One operation was refused or must wait: takes back what those before it did.
  ///
  /// - Parameter waiter: the one that waits for others, and is not woken by this.
  package func abandonTransaction(in batch: inout ChangeBatch, waiter: (any Waiter)? = nil) {
    guard let transaction = batch.transaction else { return }
    let first = transaction.first
    batch.transaction = nil
    let count = batch.count - first
    while batch.count > first {
      takeBack(&batch.changes[batch.count - 1])
      _ = batch.changes.removeLast()
    }
    for remembered in transaction.remembered.reversed() { forget(remembered) }
    if count > 0 { inFlight.ended(count, except: waiter) }
  }
}

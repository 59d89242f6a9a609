import AddressBitmap
import Addressing
import Policy

/// Decides requests about addresses, claims what they need, and shows what has become durable.
///
/// It does no I/O. A request that changes something becomes a `Change` in the caller's batch, and
/// its owner is in flight until the batch is durable (`show`) or has failed (`takeBack`). Nobody
/// sees an object before; whoever depends on one in flight waits, holding nothing.
package final class AllocationEngine: Sendable {
  package let configuration: ClusterConfiguration
  package let clock: any LedgerClock

  let pods: ObjectTable
  let services: ObjectTable
  let nodes: ObjectTable

  /// Ranges that were added or drained, and what is excluded.
  let ranges: ObjectTable
  let directory: NodeDirectory
  let registry: NodeRegistry
  let book: RangeBook

  /// From addresses of pods and Services to their entries, in flight or held.
  let byAddress = ReverseIndex()

  /// From a node and a container to the entries of its interfaces, in flight or held.
  let byContainer = ReverseIndex()

  let hash: ByteHash
  let inFlight = InFlight()

  /// Rings when new revisions have become visible.
  let bell = RevisionBell()

  /// When leases end, and the time for which addresses are kept.
  package let leases = LeaseQueue()

  /// How old reservations are, whatever the wall clock does.
  let ages: RevisionAges
  let admission = Admission()

  /// Held while the changes of a batch are shown and while somebody reads: what one request changed
  /// is seen at once, and a read's revision is that of what it shows.
  let visibility = Locked<UInt64>(0)

  package init(configuration: ClusterConfiguration, clock: any LedgerClock) {
    self.configuration = configuration
    self.clock = clock
    let hash = ByteHash()
    self.hash = hash
    ages = RevisionAges(now: clock.monotonicMilliseconds(), wall: clock.wallMilliseconds())
    pods = ObjectTable(kind: .pod, hash: hash)
    services = ObjectTable(kind: .service, hash: hash)
    nodes = ObjectTable(kind: .node, hash: hash)
    ranges = ObjectTable(kind: .range, hash: hash)
    directory = NodeDirectory(hash: hash)
    registry = NodeRegistry(configuration: configuration)
    book = RangeBook(Self.configuredRanges(configuration, registry))
  }

  /// The newest revision that reads show.
  package var revision: UInt64 { visibility.withLock { $0 } }

  /// Whether changes are taken: false while the ledger cannot be written.
  package var isWritable: Bool { admission.isOpen }

  /// What all that wait must be told instead: a commit failed half-way, and nothing ends any more.
  package var failure: LedgerFailure? { admission.failure }

  /// Wakes `waiter` when there are newer revisions than those there are now; look at `revision`
  /// after calling it.
  package func waitForRevision(_ waiter: any Waiter) { bell.wait(waiter) }

  package var changesInFlight: Int { inFlight.changes }

  /// From now on changes are refused with ShuttingDown.
  package func shutDown() { admission.shutDown() }

  /// As the table's: without counting references to the table, for which threads would wait.
  @inline(__always)
  func withShard<Result: Sendable>(
    _ kind: ObjectKind, _ shard: Int, _ body: (inout ObjectShard) -> Result
  ) -> Result {
    switch kind {
    case .pod: pods.withShard(shard, body)
    case .service: services.withShard(shard, body)
    case .node: nodes.withShard(shard, body)
    case .range: ranges.withShard(shard, body)
    }
  }

  func table(_ kind: ObjectKind) -> ObjectTable {
    switch kind {
    case .pod: pods
    case .service: services
    case .node: nodes
    case .range: ranges
    }
  }

  /// Throws unless a change may be recorded now.
  func admit() throws(Refusal) {
    try admission.check(inFlight: inFlight.changes)
  }

  func now() -> Int64 { clock.monotonicMilliseconds() }

  /// Has `waiter` woken when something in flight has ended.
  func wait<Answer>(_ waiter: any Waiter) -> Decision<Answer> {
    inFlight.wait(waiter)
    return .wait
  }

  func makeNode(name: [UInt8], blocks: [CIDR]) -> NodeRuntime {
    let node = NodeRuntime(name: name, ranges: Self.ranges(of: blocks, configuration))
    for range in node.ranges.array { book.setExclusions(of: range) }
    return node
  }

  private static func ranges(
    of blocks: [CIDR], _ configuration: ClusterConfiguration
  ) -> FamilyPair<AddressRange> {
    var ranges = FamilyPair<AddressRange>()
    for block in blocks {
      ranges.append(AddressRange(cidr: block, use: podUse(configuration)))
    }
    return ranges
  }

  static func podUse(_ configuration: ClusterConfiguration) -> AddressRange.Use {
    .pod(
      reservesGateway: configuration.reservesGateway,
      quarantine: Quarantine(
        milliseconds: Int64(configuration.quarantineSeconds) * 1000,
        isStrict: configuration.isQuarantineStrict))
  }
}

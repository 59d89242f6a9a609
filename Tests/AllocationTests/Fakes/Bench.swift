import AddressBitmap
import Addressing
import Policy
import Testing

@testable import Allocation

/// An engine with a ledger and a clock, driven one request at a time.
struct Bench {
  let clock: FakeClock
  let ledger: FakeLedger
  let engine: AllocationEngine
  let waiter = CountingWaiter()

  init(
    _ configuration: ClusterConfiguration = .small, ledger: FakeLedger = FakeLedger(),
    clock: FakeClock = FakeClock()
  ) {
    self.clock = clock
    self.ledger = ledger
    engine = AllocationEngine(configuration: configuration, clock: clock)
  }

  /// What a start after a crash makes of the same ledger.
  func restarted(_ configuration: ClusterConfiguration? = nil) throws -> Bench {
    let bench = Bench(configuration ?? engine.configuration, ledger: ledger, clock: clock)
    try ledger.recover(into: bench.engine)
    return bench
  }

  /// Makes the batch durable and shows it; answers its first revision.
  @discardableResult
  func commit(_ batch: inout ChangeBatch) throws -> UInt64 {
    let first = ledger.newestRevision + 1
    let time = max(clock.wallMilliseconds(), ledger.newestTime)
    try ledger.begin()
    try ledger.append(batch, firstRevision: first, time: time)
    try ledger.commit()
    engine.show(&batch, firstRevision: first, time: time)
    batch = ChangeBatch(observer: NoObserver.shared)
    return first
  }

  func register(_ name: String, podCIDRs: [String]? = nil) throws {
    var batch = ChangeBatch(observer: NoObserver.shared)
    try register(name, podCIDRs: podCIDRs, into: &batch)
    try commit(&batch)
  }

  @discardableResult
  func register(
    _ name: String, podCIDRs: [String]? = nil, into batch: inout ChangeBatch
  ) throws -> Decision<NodeAnswer> {
    let request = NodeRequest(
      name: name, nodeIPs: nil, podCIDRs: podCIDRs?.compactMap { CIDR($0) }, os: "linux",
      networkMode: nil, actor: "test")
    return try engine.registerNode(request, into: &batch, waiter: waiter)
  }

  @discardableResult
  func releaseNode(
    _ name: String, force: Bool = false, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try engine.releaseNode(
      name: name, force: force, ifRevision: nil, actor: "test", into: &batch, waiter: waiter)
  }

  @discardableResult
  func reserve(
    _ request: PodRequest, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<PodAnswer> {
    try engine.reservePod(request.draft, actor: "test", into: &batch, waiter: waiter)
  }

  /// Reserves and commits; answers the addresses.
  @discardableResult
  func reserve(_ request: PodRequest) throws -> [IPAddress] {
    var batch = ChangeBatch(observer: NoObserver.shared)
    guard case .recorded = try reserve(request, into: &batch) else { return [] }
    let addresses = batch.addresses(at: 0)
    try commit(&batch)
    return addresses
  }

  func release(_ request: PodRequest) throws {
    var batch = ChangeBatch(observer: NoObserver.shared)
    try release(request.target, into: &batch)
    try commit(&batch)
  }

  @discardableResult
  func release(
    _ target: PodTarget, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try engine.releasePods(target, ifRevision: nil, actor: "test", into: &batch, waiter: waiter)
  }

  @discardableResult
  func change(
    _ verb: ServiceRequest.Verb, _ name: String, _ spec: ServiceSpec = ServiceSpec(),
    ifRevision: UInt64? = nil, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<ServiceAnswer> {
    let request = ServiceRequest(
      verb: verb, namespace: "default", name: name, uid: nil, spec: spec, ifRevision: ifRevision,
      isDryRun: false, actor: "test")
    return try engine.changeService(request, into: &batch, waiter: waiter)
  }

  @discardableResult
  func releaseService(
    _ name: String, ifRevision: UInt64? = nil, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<UInt64> {
    try engine.releaseService(
      namespace: "default", name: name, ifRevision: ifRevision, actor: "test", into: &batch,
      waiter: waiter)
  }

  /// Ends what is over and commits; answers how many records that took.
  @discardableResult
  func expire() throws -> Int {
    var batch = ChangeBatch(observer: NoObserver.shared)
    try engine.expire(atMost: 100, actor: "ipledgerd", into: &batch, waiter: waiter)
    let count = batch.count
    if count > 0 { try commit(&batch) }
    return count
  }

  /// Runs `body` as a transaction: commits all of it, or leaves nothing of it.
  func transact(_ body: (inout ChangeBatch) throws -> Void) throws {
    var batch = ChangeBatch(observer: NoObserver.shared)
    engine.beginTransaction(in: &batch)
    do {
      try body(&batch)
    } catch {
      engine.abandonTransaction(in: &batch)
      throw error
    }
    engine.endTransaction(in: &batch)
    if batch.count > 0 { try commit(&batch) }
  }

  /// What can be seen of an engine: owners, their addresses, what is kept, and all counts.
  func snapshot() -> [String] {
    let pods = engine.list(.pod, after: nil, limit: 1000).objects.map { found in
      let pod = PodObject(found.object)
      return "\(pod.owner) \(pod.addresses.array.map(\.address)) \(found.generation)"
    }
    let services = engine.list(.service, after: nil, limit: 1000).objects.map { found in
      "\(ServiceObject(found.object).name) \(ServiceObject(found.object).addresses)"
    }
    let ranges = engine.directory.all.flatMap(\.ranges.array) + engine.serviceRanges
    let counts = ranges.sorted { "\($0.cidr)" < "\($1.cidr)" }.map { range in
      "\(range.cidr): \(range.heldCount) held, \(range.reservedCount) reserved"
    }
    let standings = ranges.flatMap(\.takenAddresses).sorted().compactMap { address in
      text(engine.standing(of: address).standing).map { "\(address): \($0)" }
    }
    return pods + services + counts + standings + ["\(engine.changesInFlight) in flight"]
  }

  /// Nil for a rest that has ended and that nobody has looked at since.
  private func text(_ standing: AddressStanding) -> String? {
    switch standing {
    case .reserved(let owner, _, _, let isKept): "\(owner)\(isKept ? ", kept" : "")"
    case .quarantined: "rests"
    case .free: nil
    case .never, .outOfRange, .excluded: "\(standing)"
    }
  }

  func get(_ request: PodRequest) -> VisibleObject? {
    let draft = request.draft
    return engine.get(.pod, key: draft.key.array, nameRange: draft.nameRange)
  }

  func emptyBatch() -> ChangeBatch { ChangeBatch(observer: NoObserver.shared) }
}

extension ChangeBatch {
  /// What the record at a position is about.
  func addresses(at position: Int) -> [IPAddress] {
    Model.addresses(SeenChange(self, at: position).object)
  }
}

extension ClusterConfiguration {
  /// One family, eight node blocks of 13 pods, and a Service range of 30.
  static var small: ClusterConfiguration {
    ClusterConfiguration(
      serviceRanges: ["10.96.0.0/27"].compactMap { CIDR($0) },
      clusterCIDRs: ["10.244.0.0/25"].compactMap { CIDR($0) }, nodePrefixLengthIPv4: 28,
      quarantineSeconds: 30)
  }

  func with(_ change: (inout ClusterConfiguration) -> Void) -> ClusterConfiguration {
    var configuration = self
    change(&configuration)
    return configuration
  }
}

func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

func cidr(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

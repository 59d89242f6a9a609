import Addressing
import FaultKit

@testable import Allocation

/// Plays clients, event loops, the clock and the disk against one engine, in an order that a seed
/// decides, and holds all that can be seen against the model after every step.
final class Simulator {
  /// Faults of whoever drives the engine: what the checks must notice.
  enum Mischief: CaseIterable {
    case showsBeforeCommit
    case forgetsToTakeBack
    case takesBackWhatIsDurable
    case swapsRevisions
    case losesWakes
  }

  let configuration: ClusterConfiguration
  let clock = FakeClock()
  let ledger: FakeLedger
  let mischief: Mischief?
  var engine: AllocationEngine
  var model: Model
  var dice: RequestDice
  var loops: [SimulatedLoop] = []
  var submitted: [SubmittedBatch] = []
  var step = 0
  var trace: [String] = []

  init(seed: UInt64, lie: FakeLedger.Lie? = nil, mischief: Mischief? = nil) {
    var random = SeededRandom(seed: seed)
    configuration = ClusterConfiguration.random(&random)
    self.mischief = mischief
    ledger = FakeLedger(lie: lie)
    engine = AllocationEngine(configuration: configuration, clock: clock)
    model = Model(configuration)
    dice = RequestDice(random: random, configuration: configuration)
    loops = (0..<4).map { _ in SimulatedLoop() }
  }

  func run(steps: Int) throws {
    do {
      while step < steps {
        step += 1
        try takeStep()
        try check(everything: step.isMultiple(of: 16))
      }
      try quiesce()
      try crash()
    } catch let discrepancy as Discrepancy {
      throw Discrepancy(
        description: """
          step \(step), \(configuration): \(discrepancy)
          \(trace.suffix(12).joined(separator: "\n"))
          """)
    }
  }

  private func takeStep() throws {
    let loop = dice.pick(loops)
    switch dice.number(100) {
    case ..<55:
      let known = model.entries.values.map(\.generation).sorted()
      let blocks = model.blocks.map(\.cidr)
      dice.resting = model.restingAddresses
      dice.nodes = model.ranges.keys.sorted()
      try ask(dice.request(known: known, blocks: blocks), loop)
    case ..<72: submit(loop)
    case ..<90: try commit(dice.number(3) + 1)
    case ..<93:
      clock.advance(milliseconds: Int64(dice.pick([1, 700, 4_000, 9_500, 12_000])))
    case ..<94: clock.jump(milliseconds: Int64(dice.pick([-5_000, 5_000])))
    case ..<96: _ = try ledger.derive(atMost: dice.number(40))
    case ..<98: toggleAvailability()
    case ..<99: try quiesce()
    default: try crash()
    }
    // An outage is short.
    if !model.isWritable, dice.chance(20) { toggleAvailability() }
    try retry()
  }

  var now: Int64 { clock.monotonicMilliseconds() }

  func submit(_ loop: SimulatedLoop) {
    guard let batch = loop.submit() else { return }
    submitted.insert(batch, at: dice.number(submitted.count + 1))
  }

  private func toggleAvailability() {
    model.isWritable.toggle()
    trace.append("writable: \(model.isWritable)")
    if model.isWritable {
      engine.admission.resume()
    } else {
      engine.admission.suspend(cause: "test")
    }
  }

  // MARK: Commits

  /// One transaction of up to `count` batches.
  private func commit(_ count: Int) throws {
    let batches = Array(submitted.prefix(count))
    guard !batches.isEmpty else { return }
    submitted.removeFirst(batches.count)
    if dice.chance(15) {
      let step: FakeLedger.Fault.Step = dice.pick([.begin, .append, .commit])
      ledger.fail(step, with: .unavailable(cause: "test"))
    }
    let first = ledger.newestRevision + 1
    let time = max(clock.wallMilliseconds(), ledger.newestTime)
    do throws(LedgerFailure) {
      if mischief == .showsBeforeCommit { show(batches, first, time) }
      try write(batches, first, time)
    } catch {
      ledger.rollBack()
      return takeBack(batches)
    }
    if mischief == .takesBackWhatIsDurable, dice.chance(20) { return takeBack(batches) }
    trace.append("durable \(first): \(batches.map(\.changes.count))")
    if mischief == .swapsRevisions, batches.count > 1 {
      show(batches.reversed(), first, time)
    } else if mischief != .showsBeforeCommit {
      show(batches, first, time)
    }
    expect(batches, first, time)
  }

  private func write(
    _ batches: [SubmittedBatch], _ first: UInt64, _ time: Int64
  ) throws(LedgerFailure) {
    var revision = first
    try ledger.begin()
    for batch in batches {
      try ledger.append(batch.batch, firstRevision: revision, time: time)
      revision += UInt64(batch.batch.count)
    }
    try ledger.commit()
  }

  private func show(_ batches: [SubmittedBatch], _ first: UInt64, _ time: Int64) {
    var revision = first
    for batch in batches {
      engine.show(&batch.batch, firstRevision: revision, time: time)
      revision += UInt64(batch.batch.count)
    }
  }

  private func expect(_ batches: [SubmittedBatch], _ first: UInt64, _ time: Int64) {
    var revision = first
    for batch in batches {
      for change in batch.changes {
        model.becameDurable(change, revision: revision, time: time, now: now)
        revision += 1
      }
    }
  }

  private func takeBack(_ batches: [SubmittedBatch]) {
    trace.append("taken back: \(batches.map(\.changes.count))")
    for batch in batches.reversed() {
      if mischief != .forgetsToTakeBack { engine.takeBack(&batch.batch) }
      for change in batch.changes.reversed() { model.wasTakenBack(change) }
    }
  }

  // MARK: The whole

  /// Everything in flight ends; then nobody may be waiting any more.
  func quiesce() throws {
    for _ in 0..<100 {
      for loop in loops { submit(loop) }
      while !submitted.isEmpty { try commit(submitted.count) }
      try retry()
      if loops.allSatisfy({ $0.waiting.isEmpty && $0.changes.isEmpty }) {
        return try check(everything: true)
      }
    }
    throw Discrepancy(description: "requests wait for ever: \(loops.map(\.waiting))")
  }

  /// Power is lost: what is in flight is gone, and a new engine is built from the ledger.
  private func crash() throws {
    trace.append("crash at \(ledger.newestRevision)")
    submitted = []
    loops = (0..<4).map { _ in SimulatedLoop() }
    engine = AllocationEngine(configuration: configuration, clock: clock)
    do {
      try ledger.recover(into: engine)
    } catch {
      throw Discrepancy(description: "recovery failed: \(error)")
    }
    model.restart(now: now, wall: clock.wallMilliseconds())
    try check(everything: true)
  }
}

extension ClusterConfiguration {
  /// Small, so that everything fills up; now and then the Service range lies inside the pods'.
  static func random(_ random: inout SeededRandom) -> ClusterConfiguration {
    let service = Bool.random(using: &random) ? "10.96.0.0/27" : "10.244.0.32/27"
    let services = [service, "fd00:96::/123"].compactMap { CIDR($0) }
    let clusters = ["10.244.0.0/25", "fd00::/121"].compactMap { CIDR($0) }
    func some(_ ranges: [CIDR]) -> [CIDR] {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: [ranges[0]]
      case 1: [ranges[1]]
      case 2, 3: ranges.reversed()
      default: ranges
      }
    }
    let serviceRanges = some(services)
    return ClusterConfiguration(
      serviceRanges: serviceRanges,
      clusterCIDRs: Int.random(in: 0..<10, using: &random) == 0 ? [] : some(clusters),
      nodePrefixLengthIPv4: 28, nodePrefixLengthIPv6: 124,
      reservesGateway: Bool.random(using: &random),
      quarantineSeconds: [0, 10, 10].randomElement(using: &random) ?? 0,
      isQuarantineStrict: Bool.random(using: &random))
  }
}

import AddressBitmap
import Addressing
import FaultKit
import Policy
import Testing

@testable import Allocation

/// A transaction against the same operations, one by one, on a second engine that comes from the
/// same ledger: both families, all targets, leases, nodes, every kind of quarantine.
@Suite struct TransactionTwinTests {
  private static let rounds = 10

  private static func configuration(_ seed: UInt64) -> ClusterConfiguration {
    ClusterConfiguration(
      serviceRanges: ["10.96.0.0/27", "fd00:96::/123"].compactMap { CIDR($0) },
      clusterCIDRs: ["10.244.0.0/26", "fd00::/122"].compactMap { CIDR($0) },
      nodePrefixLengthIPv4: 28, nodePrefixLengthIPv6: 124,
      quarantineSeconds: seed % 3 == 0 ? 0 : 10, isQuarantineStrict: seed % 3 == 1,
      stickySeconds: seed % 2 == 0 ? 0 : 20)
  }

  @Test(arguments: (1...120).map { UInt64($0) })
  func `the same fails first with the same error, or the same is held`(seed: UInt64) throws {
    var bench = Bench(Self.configuration(seed))
    var dice = RequestDice(
      random: SeededRandom(seed: seed), configuration: bench.engine.configuration)
    for name in ["n0", "n1"] { try bench.register(name) }
    for round in 0..<Self.rounds {
      let calls = (0...dice.number(9)).map { _ in TwinCall(&dice) }
      let what: Comment = "seed \(seed), round \(round): \(calls)"
      // A Service's spec last sent that changed nothing lasts until a start.
      bench = try bench.restarted()
      let twin = try bench.copied()
      let before = bench.everything
      let together = bench.failure(together: calls)
      let oneByOne = twin.failure(oneByOne: calls)
      #expect(together == oneByOne, what)
      if together == nil {
        #expect(Self.difference(bench.holdings, twin.holdings) == [], what)
        #expect(bench.nextChoices() == twin.nextChoices(), what)
      } else {
        #expect(Self.difference(bench.everything, before) == [], what)
      }
      #expect(bench.violations == [], what)
      let restarted = try bench.restarted()
      #expect(restarted.violations == [], what)
      #expect(restarted.snapshot() == bench.snapshot(), what)
      #expect(restarted.nextChoices() == bench.nextChoices(), what)
      bench.clock.advance(milliseconds: Int64(dice.number(8_000)))
      try bench.expire()
    }
  }

  /// The lines that only one of the two has.
  private static func difference(_ left: [String], _ right: [String]) -> [String] {
    Set(left).symmetricDifference(right).sorted()
  }

  /// Somebody else's change makes it wait at some call: it leaves nothing, and succeeds afterwards.
  @Test(arguments: (1...60).map { UInt64($0) })
  func `whoever waits in the middle leaves no trace and tries again`(seed: UInt64) throws {
    let bench = Bench(Self.configuration(seed))
    var dice = RequestDice(
      random: SeededRandom(seed: seed), configuration: bench.engine.configuration)
    for name in ["n0", "n1"] { try bench.register(name) }
    for round in 0..<Self.rounds {
      let calls = (0...dice.number(9)).map { _ in TwinCall(&dice) }
      let what: Comment = "seed \(seed), round \(round): \(calls)"
      var other = bench.emptyBatch()
      for _ in 0..<2 { _ = try? TwinCall(&dice).run(bench, &other) }
      let before = bench.everything
      let waits = bench.waiter.count
      var batch = bench.emptyBatch()
      switch bench.run(calls, in: &batch) {
      case .done: if batch.count > 0 { try bench.commit(&batch) }
      case .failed: #expect(Self.difference(bench.everything, before) == [], what)
      case .waits:
        #expect(Self.difference(bench.everything, before) == [], what)
        if other.count > 0 { #expect(bench.waiter.count == waits, what) }
      }
      if other.count > 0 { try bench.commit(&other) }
      let end = bench.run(calls, in: &batch)
      #expect(end != .waits, what)
      if batch.count > 0 { try bench.commit(&batch) }
      #expect(bench.violations == [], what)
      #expect(try bench.restarted().snapshot() == bench.snapshot(), what)
      bench.clock.advance(milliseconds: Int64(dice.number(8_000)))
      try bench.expire()
    }
  }

  /// The commit fails: as if nothing had been asked.
  @Test(arguments: (1...60).map { UInt64($0) })
  func `a commit that fails leaves no trace`(seed: UInt64) throws {
    let bench = Bench(Self.configuration(seed))
    var dice = RequestDice(
      random: SeededRandom(seed: seed), configuration: bench.engine.configuration)
    for name in ["n0", "n1"] { try bench.register(name) }
    for round in 0..<Self.rounds {
      let calls = (0...dice.number(5)).map { _ in TwinCall(&dice) }
      let before = bench.everything
      var batch = bench.emptyBatch()
      if bench.run(calls, in: &batch) == .done, batch.count > 0 {
        bench.engine.takeBack(&batch)
        #expect(
          Self.difference(bench.everything, before) == [], "seed \(seed), round \(round): \(calls)")
        batch = bench.emptyBatch()
        _ = bench.run(calls, in: &batch)
        try bench.commit(&batch)
      }
      #expect(bench.violations == [], "seed \(seed), round \(round): \(calls)")
    }
  }
}

/// What became of a transaction.
enum TwinOutcome: Equatable {
  case done
  case failed(TwinFailure)
  case waits
}

/// Where a list of calls fails, and how: without numbers that hang on what is durable already.
struct TwinFailure: Equatable {
  let index: Int
  let reason: String

  init(_ index: Int, _ refusal: Refusal) {
    self.index = index
    switch refusal {
    case .exhausted(let exhaustion): reason = "exhausted \(exhaustion.range)"
    case .conflict(let message, _, let owner):
      reason = "conflict \(message.filter { !$0.isNumber }) \(String(describing: owner))"
    default: reason = "\(refusal)"
    }
  }
}

extension Bench {
  /// Runs the calls as a transaction, whose changes are in the batch if it is done.
  fileprivate func run(_ calls: [TwinCall], in batch: inout ChangeBatch) -> TwinOutcome {
    engine.beginTransaction(in: &batch)
    for (index, call) in calls.enumerated() {
      do throws(Refusal) {
        guard try call.run(self, &batch) else {
          engine.abandonTransaction(in: &batch, waiter: waiter)
          return .waits
        }
      } catch {
        engine.abandonTransaction(in: &batch)
        return .failed(TwinFailure(index, error))
      }
    }
    engine.endTransaction(in: &batch)
    return .done
  }

  fileprivate func failure(together calls: [TwinCall]) -> TwinFailure? {
    var batch = emptyBatch()
    switch run(calls, in: &batch) {
    case .waits: Issue.record("nobody else changes anything: \(calls)")
    case .failed(let failure): return failure
    case .done:
      do { if batch.count > 0 { try commit(&batch) } } catch { Issue.record(error) }
    }
    return nil
  }

  fileprivate func failure(oneByOne calls: [TwinCall]) -> TwinFailure? {
    for (index, call) in calls.enumerated() {
      var batch = emptyBatch()
      do {
        _ = try call.run(self, &batch)
        if batch.count > 0 { try commit(&batch) }
      } catch {
        guard let refusal = error as? Refusal else { break }
        return TwinFailure(index, refusal)
      }
    }
    return nil
  }

  /// A second engine from a copy of the ledger.
  fileprivate func copied() throws -> Bench {
    let copy = FakeLedger()
    copy.state.withLock { $0.records = ledger.records }
    return try Bench(engine.configuration, ledger: copy, clock: clock).restarted()
  }

  /// All that one who is abandoned must leave as it was.
  fileprivate var everything: [String] {
    let services = engine.list(.service, after: nil, limit: 1000).objects.map {
      "\(ServiceObject($0.object))"
    }
    return snapshot() + services + nextChoices() + ["\(engine.leases.count) end"]
  }

  /// Who holds what, without the addresses of Services, which are chosen at random.
  fileprivate var holdings: [String] {
    let pods = engine.list(.pod, after: nil, limit: 1000).objects.map { found in
      let pod = PodObject(found.object)
      return
        "\(pod.owner) \(pod.uid ?? "") \(pod.node) \(pod.addresses.array.map(\.address)) \(pod.labels) \(pod.isSticky)"
        + " \(pod.lease?.seconds ?? 0)"
    }
    let services = engine.list(.service, after: nil, limit: 1000).objects.map { found in
      let service = ServiceObject(found.object)
      let families = service.addresses.map(\.family)
      return "\(service.name) \(service.sent) \(service.spec.type ?? "") \(families)"
    }
    let nodes = engine.list(.node, after: nil, limit: 1000).objects.map { found in
      let node = NodeObject(found.object)
      return "\(node.name) \(node.podCIDRs) \(node.isExplicit) \(node.nodeIPs)"
    }
    return pods + services + nodes + ["\(engine.leases.count) end"]
  }
}

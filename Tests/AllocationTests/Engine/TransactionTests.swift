import AddressBitmap
import Addressing
import FaultKit
import Policy
import Testing

@testable import Allocation

@Suite struct TransactionTests {
  @Test func `later operations see earlier ones`() throws {
    let bench = Bench()
    try bench.transact { batch in
      try bench.register("n0", into: &batch)
      try bench.reserve(PodRequest(), into: &batch)
      guard case .repeats(1) = try bench.reserve(PodRequest(), into: &batch) else {
        Issue.record("the same request again is the same reservation")
        return
      }
      try bench.change(.reserve, "s0", into: &batch)
      let external = ServiceSpec(type: "ExternalName", externalName: "example.org")
      try bench.change(.update, "s0", external, into: &batch)
    }
    #expect(bench.engine.objectCounts == (1, 1, 1))
    #expect(bench.ledger.records.count == 4)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `what fails leaves nothing behind`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest(name: "held"))
    try bench.reserve(PodRequest(name: "kept", isSticky: true))
    try bench.release(PodRequest(name: "kept", isSticky: true))
    let before = bench.snapshot()
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.register("n1", into: &batch)
        try bench.reserve(PodRequest(node: "n1"), into: &batch)
        try bench.reserve(PodRequest(name: "kept", containerID: "b"), into: &batch)
        try bench.release(PodRequest(name: "held").target, into: &batch)
        try bench.reserve(PodRequest(name: "held"), into: &batch)
        try bench.change(.reserve, "s0", into: &batch)
        _ = try bench.engine.releaseNode(
          name: "n0", force: true, ifRevision: nil, actor: "", into: &batch, waiter: bench.waiter)
        try bench.reserve(PodRequest(node: "n7"), into: &batch)
      }
    }
    #expect(bench.snapshot() == before)
    #expect(bench.ledger.records.count == 4)
    try bench.reserve(PodRequest(name: "next"))
  }

  @Test func `an address that one operation releases may be asked for by the next`() throws {
    let bench = Bench()
    try bench.register("n0")
    let held = try bench.reserve(PodRequest(name: "a"))
    try bench.transact { batch in
      try bench.release(PodRequest(name: "a").target, into: &batch)
      try bench.reserve(PodRequest(name: "b", ips: held), into: &batch)
    }
    #expect(bench.get(PodRequest(name: "b")) != nil)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
    try bench.release(PodRequest(name: "b"))
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `an address that is released is of no use outside its range`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.register("n1")
    let held = try bench.reserve(PodRequest(name: "a"))
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.release(PodRequest(name: "a").target, into: &batch)
        try bench.reserve(PodRequest(node: "n1", name: "b", ips: held), into: &batch)
      }
    }
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.release(PodRequest(name: "a").target, into: &batch)
        let spec = ServiceSpec(clusterIP: "\(held[0])", clusterIPs: ["\(held[0])"])
        try bench.change(.reserve, "s0", spec, into: &batch)
      }
    }
  }

  @Test func `in a full range the next operation gets what was released`() throws {
    let bench = Bench()
    try bench.register("n0")
    for index in 0..<13 { try bench.reserve(PodRequest(name: "p\(index)")) }
    #expect(throws: Refusal.self) { try bench.reserve(PodRequest(name: "q")) }
    try bench.transact { batch in
      try bench.release(PodRequest(name: "p4").target, into: &batch)
      try bench.reserve(PodRequest(name: "q"), into: &batch)
    }
    #expect(bench.engine.objectCounts.pods == 13)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `a Service takes an address that another one gives up`() throws {
    let bench = Bench()
    var batch = bench.emptyBatch()
    try bench.change(.reserve, "s0", ServiceSpec(clusterIP: "10.96.0.9"), into: &batch)
    try bench.commit(&batch)
    try bench.transact { batch in
      let external = ServiceSpec(type: "ExternalName", externalName: "example.org")
      try bench.change(.update, "s0", external, into: &batch)
      try bench.change(.reserve, "s1", ServiceSpec(clusterIP: "10.96.0.9"), into: &batch)
    }
    #expect(bench.engine.serviceRanges[0].heldCount == 1)
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `a node goes with its last pod`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(PodRequest())
    try bench.transact { batch in
      try bench.release(PodRequest().target, into: &batch)
      _ = try bench.engine.releaseNode(
        name: "n0", force: false, ifRevision: nil, actor: "", into: &batch, waiter: bench.waiter)
    }
    #expect(bench.engine.objectCounts == (0, 0, 0))
    #expect(bench.snapshot() == (try bench.restarted()).snapshot())
  }

  @Test func `whoever waits for others holds nothing`() throws {
    let bench = Bench()
    try bench.register("n0")
    var other = bench.emptyBatch()
    try bench.reserve(PodRequest(name: "slow"), into: &other)
    let before = bench.snapshot()
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.reserve(PodRequest(name: "mine"), into: &batch)
    guard case .wait = try bench.reserve(PodRequest(name: "slow"), into: &batch) else {
      Issue.record("somebody else's change is on its way")
      return
    }
    bench.engine.abandonTransaction(in: &batch)
    #expect(bench.snapshot() == before)
    #expect(batch.count == 0)
    try bench.commit(&other)
  }

  @Test func `a commit that fails takes the whole back`() throws {
    let bench = Bench()
    try bench.register("n0")
    let held = try bench.reserve(PodRequest(name: "a"))
    let before = bench.snapshot()
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.release(PodRequest(name: "a").target, into: &batch)
    try bench.reserve(PodRequest(name: "b", ips: held), into: &batch)
    try bench.release(PodRequest(name: "b").target, into: &batch)
    try bench.reserve(PodRequest(name: "a"), into: &batch)
    bench.engine.endTransaction(in: &batch)
    bench.engine.takeBack(&batch)
    #expect(bench.snapshot() == before)
  }

  /// The same operations one by one on a second engine that comes from the same ledger.
  @Test(arguments: (1...300).map { UInt64($0) })
  func `a transaction does what its operations do one by one`(seed: UInt64) throws {
    let bench = Bench(.small.with { $0.quarantineSeconds = Int(seed % 2) * 10 })
    var dice = RequestDice(
      random: SeededRandom(seed: seed), configuration: bench.engine.configuration)
    try bench.register("n0")
    try bench.register("n1")
    for _ in 0..<12 {
      let operations = (0...dice.number(7)).map { _ in TransactionOperation(&dice) }
      let twin = try bench.copied()
      let start = bench.snapshot()
      try #require(Bench.difference(twin.snapshot(), start) == [], "seed \(seed)")
      let failed = bench.failure(together: operations)
      #expect(failed == twin.failure(oneByOne: operations), "seed \(seed): \(operations)")
      if failed == nil {
        #expect(bench.owners == twin.owners, "seed \(seed): \(operations)")
      } else {
        #expect(
          Bench.difference(bench.snapshot(), start) == [], "seed \(seed): \(operations)")
      }
      let restarted = try bench.restarted()
      #expect(
        Bench.difference(bench.snapshot(), restarted.snapshot()) == [],
        "seed \(seed): \(operations)")
      bench.clock.advance(milliseconds: Int64(dice.number(6_000)))
    }
  }
}

extension Bench {
  /// Where the transaction of these operations fails; nil: nowhere.
  fileprivate func failure(together operations: [TransactionOperation]) -> Int? {
    var failed: Int?
    try? transact { batch in
      for (index, operation) in operations.enumerated() {
        failed = index
        try operation.run(self, &batch)
      }
      failed = nil
    }
    return failed
  }

  fileprivate func failure(oneByOne operations: [TransactionOperation]) -> Int? {
    for (index, operation) in operations.enumerated() {
      var batch = emptyBatch()
      do {
        try operation.run(self, &batch)
        if batch.count > 0 { try commit(&batch) }
      } catch {
        return index
      }
    }
    return nil
  }

  /// The lines that only one of two snapshots has.
  fileprivate static func difference(_ left: [String], _ right: [String]) -> [String] {
    Set(left).symmetricDifference(right).sorted()
  }

  /// A second engine from a copy of the ledger.
  fileprivate func copied() throws -> Bench {
    let copy = FakeLedger()
    copy.state.withLock { $0.records = ledger.records }
    return try Bench(engine.configuration, ledger: copy, clock: clock).restarted()
  }

  /// Who holds how many addresses; which ones an automatic choice takes may differ, as an address
  /// is free only once its release is durable.
  fileprivate var owners: [String] {
    let pods = engine.list(.pod, after: nil, limit: 1000).objects.map { found in
      let pod = PodObject(found.object)
      return
        "\(pod.owner) on \(pod.node): \(pod.addresses.array.map { $0.isStatic ? "\($0)" : "" })"
    }
    let services = engine.list(.service, after: nil, limit: 1000).objects.map { found in
      "\(ServiceObject(found.object).name): \(ServiceObject(found.object).addresses.count)"
    }
    return pods + services
  }
}

/// A random call of a transaction, over few names and addresses, so that they meet.
enum TransactionOperation {
  case reserve(PodRequest)
  case release(PodTarget)
  case forget(String)
  case change(ServiceRequest.Verb, String, ServiceSpec)
  case releaseService(String)

  init(_ dice: inout RequestDice) {
    // Automatic on one node, static on the other: what the former chooses may differ.
    let isStatic = dice.chance(35)
    let address = "10.244.0.\(16 + dice.number(17))"
    let pod = PodRequest(
      node: isStatic ? "n1" : "n0", name: "p\(dice.number(16))",
      containerID: dice.chance(40) ? "c\(dice.number(2))" : nil,
      ips: isStatic ? [IPAddress(address)].compactMap(\.self) : [], isSticky: dice.chance(25))
    let name = "s\(dice.number(5))"
    switch dice.number(100) {
    case ..<50: self = .reserve(pod)
    case ..<65: self = .release(pod.target)
    case ..<75:
      self = .release(.everything(namespace: Array("default".utf8), name: Array(pod.name.utf8)))
    case ..<80: self = .forget(pod.name)
    case ..<95:
      let address = dice.chance(60) ? "10.96.0.\(dice.number(8))" : nil
      let external = ServiceSpec(type: "ExternalName", externalName: "example.org")
      self = .change(
        dice.chance(50) ? .reserve : .update, name,
        dice.chance(20) ? external : ServiceSpec(clusterIP: address))
    default: self = .releaseService(name)
    }
  }

  func run(_ bench: Bench, _ batch: inout ChangeBatch) throws {
    switch self {
    case .reserve(let request): try check(bench.reserve(request, into: &batch))
    case .release(let target): try check(bench.release(target, into: &batch))
    case .forget(let name):
      try check(
        bench.engine.forgetPod(
          network: Array("default".utf8), namespace: Array("default".utf8),
          name: Array(name.utf8), actor: "test", into: &batch, waiter: bench.waiter))
    case .change(let verb, let name, let spec):
      try check(bench.change(verb, name, spec, into: &batch))
    case .releaseService(let name):
      try check(
        bench.engine.releaseService(
          namespace: "default", name: name, ifRevision: nil, actor: "test", into: &batch,
          waiter: bench.waiter))
    }
  }

  private func check<Answer>(_ decision: Decision<Answer>) {
    if case .wait = decision { Issue.record("nobody else changes anything: \(self)") }
  }
}

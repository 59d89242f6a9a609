import AddressBitmap
import Addressing
import Policy
import Testing

@testable import Allocation

/// What others see, and may do, while a transaction is shown; and what one that is abandoned leaves.
@Suite struct TransactionShowTests {
  /// Runs `body` in the middle of showing `batch`: when its first lease has been noted.
  private static func show(
    _ batch: inout ChangeBatch, _ bench: Bench,
    meanwhile body: @escaping @Sendable (inout ChangeBatch) throws -> Void
  ) throws {
    let failures = Locked<[String]>(["never called"])
    bench.engine.leases.watch { _ in
      var other = bench.emptyBatch()
      do {
        try body(&other)
        failures.withLock { $0 = other.count == 0 ? [] : ["\(other.count) changes"] }
      } catch {
        failures.withLock { $0 = ["\(error)"] }
      }
    }
    try bench.commit(&batch)
    bench.engine.leases.watch { _ in }
    #expect(failures.withLock { $0 } == [])
  }

  @Test func `between two changes of an entry nobody else may change it`() throws {
    let bench = Bench()
    try bench.register("n0")
    let pod = PodRequest(ttlSeconds: 60)
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.reserve(pod, into: &batch)
    try bench.release(pod.target, into: &batch)
    bench.engine.endTransaction(in: &batch)
    try Self.show(&batch, bench) { other in
      guard case .wait = try bench.release(pod.target, into: &other),
        case .wait = try bench.reserve(pod, into: &other)
      else { throw Unexpected(text: "the pod's release is still to come") }
    }
    #expect(bench.engine.objectCounts.pods == 0)
    #expect(bench.engine.changesInFlight == 0)
    #expect(bench.violations == [])
  }

  @Test func `between keeping and passing on nobody else gets what is kept`() throws {
    let bench = Bench(.small.with { $0.stickySeconds = 100 })
    try bench.register("n0")
    let pod = PodRequest(containerID: "a", isSticky: true)
    let held = try bench.reserve(pod)
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.release(pod.target, into: &batch)
    try bench.reserve(PodRequest(containerID: "b"), into: &batch)
    bench.engine.endTransaction(in: &batch)
    try Self.show(&batch, bench) { other in
      guard case .wait = try bench.reserve(PodRequest(containerID: "c"), into: &other) else {
        throw Unexpected(text: "what is kept is another one's already")
      }
    }
    #expect(bench.engine.pod(holding: held[0]).map { PodObject($0.object).containerID } == "b")
    #expect(bench.violations == [])
  }

  @Test func `whoever waits is not woken by what it gives back itself`() throws {
    let bench = Bench()
    try bench.register("n0")
    var other = bench.emptyBatch()
    try bench.reserve(PodRequest(name: "slow"), into: &other)
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.reserve(PodRequest(name: "mine"), into: &batch)
    _ = try bench.reserve(PodRequest(name: "slow"), into: &batch)
    bench.engine.abandonTransaction(in: &batch, waiter: bench.waiter)
    #expect(bench.waiter.count == 0)
    try bench.commit(&other)
    #expect(bench.waiter.count == 1)
    // When nobody else is left, it looks again at once.
    bench.engine.beginTransaction(in: &batch)
    try bench.reserve(PodRequest(name: "mine"), into: &batch)
    bench.engine.waitForChange(bench.waiter)
    bench.engine.abandonTransaction(in: &batch, waiter: bench.waiter)
    #expect(bench.waiter.count == 2)
  }

  @Test func `what is taken back leaves the order of addresses as it was`() throws {
    let bench = Bench(.small.with { $0.quarantineSeconds = 0 })
    try bench.register("n0")
    try bench.reserve(PodRequest(name: "first"))
    for _ in 0..<7 {
      #expect(throws: Refusal.self) {
        try bench.transact { batch in
          try bench.reserve(PodRequest(name: "a"), into: &batch)
          try bench.reserve(PodRequest(name: "b"), into: &batch)
          try bench.reserve(PodRequest(node: "nowhere"), into: &batch)
        }
      }
      var failed = bench.emptyBatch()
      try bench.reserve(PodRequest(name: "c"), into: &failed)
      bench.engine.takeBack(&failed)
    }
    #expect(try bench.reserve(PodRequest(name: "second")) == [try ip("10.244.0.3")])
  }

  /// What the calls one by one would choose.
  @Test(arguments: [0, 30])
  func `automatic choice goes on where an address is released by the same transaction`(
    quarantineSeconds: Int
  ) throws {
    let bench = Bench(.small.with { $0.quarantineSeconds = quarantineSeconds })
    try bench.register("n0")
    let next = try ip("10.244.0.3")
    try bench.reserve(PodRequest(name: "a"))
    try bench.reserve(PodRequest(name: "b", ips: [next]))
    try bench.transact { batch in
      try bench.release(PodRequest(name: "b").target, into: &batch)
      try bench.reserve(PodRequest(name: "c"), into: &batch)
      try bench.reserve(PodRequest(name: "d"), into: &batch)
    }
    #expect(
      bench.engine.pod(holding: next).map { PodObject($0.object).owner }
        == (quarantineSeconds == 0
          ? PodObject(try #require(bench.get(PodRequest(name: "c"))).object).owner : nil))
    #expect(bench.nextChoices() == (try bench.restarted()).nextChoices())
    let before = bench.nextChoices()
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.release(PodRequest(name: "c").target, into: &batch)
        try bench.reserve(PodRequest(name: "e"), into: &batch)
        try bench.reserve(PodRequest(node: "nowhere"), into: &batch)
      }
    }
    #expect(bench.nextChoices() == before)
    #expect(bench.violations == [])
  }

  @Test func `in a full range the choice moves on, before a start and after it`() throws {
    let bench = Bench(.small.with { $0.quarantineSeconds = 0 })
    try bench.register("n0")
    for index in 0..<13 { try bench.reserve(PodRequest(name: "p\(index)")) }
    try bench.transact { batch in
      try bench.release(PodRequest(name: "p4").target, into: &batch)
      try bench.reserve(PodRequest(name: "q"), into: &batch)
    }
    for index in [0, 1, 6, 7] { try bench.release(PodRequest(name: "p\(index)")) }
    let restarted = try bench.restarted()
    let next = try bench.reserve(PodRequest(name: "next"))
    #expect(next == [try ip("10.244.0.8")])
    #expect(try restarted.reserve(PodRequest(name: "next")) == next)
  }

  @Test(arguments: [0, 30])
  func `a strict quarantine holds inside a transaction too`(seconds: Int) throws {
    let bench = Bench(
      .small.with { ($0.quarantineSeconds, $0.isQuarantineStrict) = (seconds, true) })
    try bench.register("n0")
    let held = try bench.reserve(PodRequest(name: "a"))
    let before = bench.snapshot()
    var refusal: Refusal?
    do {
      try bench.transact { batch in
        try bench.release(PodRequest(name: "a").target, into: &batch)
        if case .wait = try bench.reserve(PodRequest(name: "b", ips: held), into: &batch) {
          throw Unexpected(text: "it would wait for itself")
        }
      }
    } catch let error as Refusal {
      refusal = error
    }
    guard seconds > 0 else {
      #expect(refusal == nil)
      #expect(bench.get(PodRequest(name: "b")) != nil)
      return
    }
    #expect(refusal == .alreadyReserved(held[0], field: "ips[0]", owner: nil))
    #expect(bench.snapshot() == before)
  }
}

/// The spec that a Service was sent last, in and after transactions.
@Suite struct TransactionSpecTests {
  /// It comes to the same Service as an empty one, and is another request.
  private static let other = ServiceSpec(ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"])

  @Test func `an abandoned transaction does not change which request is the same`() throws {
    let bench = Bench()
    try bench.transact { try bench.change(.reserve, "s0", into: &$0) }
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.change(.update, "s0", Self.other, into: &batch)
        try bench.change(.reserve, "s0", Self.other, into: &batch)
        try bench.reserve(PodRequest(), into: &batch)
      }
    }
    var batch = bench.emptyBatch()
    guard case .answered = try bench.change(.reserve, "s0", into: &batch) else {
      Issue.record("it is the same request as before")
      return
    }
  }

  @Test(arguments: [true, false])
  func `the spec sent last counts for what follows`(isNew: Bool) throws {
    let bench = Bench()
    if !isNew { try bench.transact { try bench.change(.reserve, "s0", into: &$0) } }
    try bench.transact { batch in
      if isNew { try bench.change(.reserve, "s0", into: &batch) }
      try bench.change(.update, "s0", Self.other, into: &batch)
      try bench.change(.reserve, "s0", Self.other, into: &batch)
    }
    #expect(bench.ledger.records.count == 1)
    var batch = bench.emptyBatch()
    #expect(throws: Refusal.self) { try bench.change(.reserve, "s0", into: &batch) }
    _ = try bench.change(.reserve, "s0", Self.other, into: &batch)
    #expect(batch.count == 0)
  }

  @Test func `an update that repeats another one gives nothing up again`() throws {
    let bench = Bench()
    try bench.transact { try bench.change(.reserve, "s0", into: &$0) }
    let external = ServiceSpec(type: "ExternalName", externalName: "example.org")
    var batch = bench.emptyBatch()
    bench.engine.beginTransaction(in: &batch)
    try bench.change(.update, "s0", external, into: &batch)
    guard case .repeats(let change) = try bench.change(.update, "s0", external, into: &batch)
    else {
      Issue.record("the second update changes nothing")
      return
    }
    let first = bench.engine.serviceAnswer(batch.changes[change], revision: 2)
    let second = bench.engine.serviceAnswer(
      batch.changes[change], revision: 2, isRepeat: true, isUpdate: true)
    #expect(first.released.count == 1)
    #expect(second.released.isEmpty && !second.isExisting)
  }
}

/// Something that a test did not expect, thrown where a check is made for it.
struct Unexpected: Error {
  let text: String
}

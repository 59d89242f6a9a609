import IPLedgerClient
import Testing

@testable import IPLedgerAsyncClient

/// Which refusals a session takes for an answer.
@Suite struct SessionRefusalTests {
  @Test(arguments: ["Overloaded", "LedgerUnavailable", "ShuttingDown"])
  func `a refusal that time heals is met by another try`(reason: String) throws {
    var bench = SessionBench.open()
    _ = bench.start(1, "range.add")
    let actions = bench.refuse(1, reason, isRetryable: true, afterMilliseconds: 200)
    #expect(try #require(actions.pause(of: 1)) >= .milliseconds(200))
    #expect(bench.again(1).sent == [1])
  }

  @Test func `there is no other try when its time would be over`() {
    var bench = SessionBench.open()
    _ = bench.start(1)
    let actions = bench.refuse(1, "Overloaded", isRetryable: true, afterMilliseconds: 11_000)
    #expect(actions.refusal(of: 1) == "Overloaded")
  }

  @Test(arguments: ["Conflict", "Exhausted", "InvalidParams", "InternalError"])
  func `other refusals are answers`(reason: String) {
    var bench = SessionBench.open()
    _ = bench.start(1)
    #expect(bench.refuse(1, reason).refusal(of: 1) == reason)
  }

  @Test func `a deadline that has passed stays passed`() {
    var bench = SessionBench.open()
    _ = bench.start(1)
    let actions = bench.refuse(1, "DeadlineExceeded", isRetryable: true)
    #expect(actions.refusal(of: 1) == "DeadlineExceeded")
  }

  @Test func `an unknown outcome is asked again only where twice is once`() {
    var bench = SessionBench.open()
    _ = bench.start(1, "range.add")
    _ = bench.start(2, "pod.reserve")
    #expect(
      bench.refuse(1, "OutcomeUnknown", isRetryable: true).refusal(of: 1) == "OutcomeUnknown")
    #expect(bench.refuse(2, "OutcomeUnknown", isRetryable: true).pause(of: 2) != nil)
    #expect(
      bench.expire(2).error(of: 2) == .connectionLost(cause: "no"), "it may have been done")
  }

  @Test(
    arguments: [
      ("service.update", ["ifRevision": 4], false),
      ("service.update", [:], true),
      ("transaction", ["ops": [["method": "pod.reserve"], ["method": "pod.release"]]], true),
      (
        "transaction",
        ["ops": [["method": "service.update", "params": ["ifRevision": 4]]]], false
      ),
      ("pod.release", ["ifRevision": 4], true),
    ] as [(String, IPLedgerClient.JSON, Bool)])
  func `what may be repeated`(method: String, params: IPLedgerClient.JSON, mayRepeat: Bool) {
    #expect(Repeatable.contains(method, params) == mayRepeat)
  }

  @Test func `waits double up to the longest, and start anew after a success`() {
    var backoff = Backoff(shortest: .milliseconds(10), longest: .milliseconds(35))
    let waits = (0..<4).map { _ in backoff.next(chance: 1) }
    #expect(waits == [10, 20, 35, 35].map { .milliseconds($0) })
    #expect(backoff.next(chance: 0) == .zero)
    backoff.reset()
    #expect(backoff.next(chance: 0.5) == .milliseconds(5))
  }

  /// Everything happens in any order; what is promised holds all the same.
  @Test(arguments: UInt64(1)...40)
  func `every call ends once, and what may not be repeated is sent once`(seed: UInt64) {
    var chance = SeededChance(seed: seed)
    var bench = SessionBench { $0.mostInFlight = 3 }
    var ends: [Int64: Int] = [:]
    var sends: [Int64: Int] = [:]
    var again: Set<Int64> = []
    let methods = ["pod.reserve", "range.add"]
    for step in 1...400 {
      let key = Int64(chance.next() * Double(step))
      let actions: [Session.Action] =
        switch Int(chance.next() * 9) {
        case 0, 1: bench.start(Int64(step), methods[step % 2])
        case 2: bench.connected()
        case 3: bench.connectFailed()
        case 4: chance.next() < 0.3 ? bench.lost() : []
        case 5: bench.reconnect()
        case 6: bench.answer(key)
        case 7: bench.writable(chance.next() < 0.8)
        default:
          chance.next() < 0.2 ? bench.expire(key) : again.popFirst().map { bench.again($0) } ?? []
        }
      for case .finish(let key, _) in actions { ends[key, default: 0] += 1 }
      for case .again(let key, _) in actions { again.insert(key) }
      for key in actions.sent { sends[key, default: 0] += 1 }
      #expect(bench.session.inFlight <= 3)
    }
    for case .finish(let key, _) in bench.close() { ends[key, default: 0] += 1 }
    #expect(ends.values.allSatisfy { $0 == 1 }, "seed \(seed): \(ends)")
    for (key, count) in sends where key % 2 == 1 { #expect(count == 1, "seed \(seed): \(key)") }
    #expect(sends.contains { $0.value > 1 }, "seed \(seed) repeats nothing")
  }
}

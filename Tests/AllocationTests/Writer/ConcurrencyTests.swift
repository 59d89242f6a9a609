import AddressBitmap
import Addressing
import Dispatch
import FaultKit
import Foundation
import Policy
import Testing

@testable import Allocation

/// Several loops, one engine, one writer, and a ledger that fails now and then.
@Suite(.timeLimit(.minutes(2))) struct ConcurrencyTests {
  @Test func `threads that hammer one engine leave what the ledger says`() throws {
    let seed = SeededRandom.seed()
    let ledger = FakeLedger()
    let bench = try WriterBench(ledger)
    for name in ["n1", "n2"] { try bench.bench.register(name) }
    let end = Date() + 2
    let loops = (0..<4).map { Hammer(bench, seed: seed + UInt64($0), end: end) }
    let done = DispatchSemaphore(value: 0)
    for loop in loops {
      Thread.detachNewThread {
        loop.run()
        done.signal()
      }
    }
    while Date() < end {
      usleep(20_000)
      ledger.fail(.commit, at: 5, with: .unavailable(cause: "seed \(seed)"))
    }
    for _ in loops { #expect(done.wait(timeout: .now() + .seconds(30)) == .success) }
    bench.writer.close()
    for loop in loops { #expect(loop.complaints == [], "seed \(seed)") }
    #expect(bench.bench.engine.changesInFlight == 0)
    try check(bench.bench)
  }

  /// The engine, the ledger and a new start agree, and no address has two owners.
  private func check(_ bench: Bench) throws {
    let restarted = try bench.restarted()
    #expect(restarted.engine.revision == bench.engine.revision)
    for kind in ObjectKind.allCases {
      let seen = bench.engine.list(kind, after: nil, limit: 10_000).objects
      let stored = restarted.engine.list(kind, after: nil, limit: 10_000).objects
      #expect(seen.map(\.object) == stored.map(\.object))
      #expect(seen.map(\.generation) == stored.map(\.generation))
      let addresses = seen.flatMap { Model.addresses(ModelObject(kind, $0.object)) }
      #expect(Set(addresses).count == addresses.count)
    }
    for node in bench.engine.directory.all {
      for range in node.ranges.array {
        #expect(range.reservedCount == restarted.count(range.cidr))
      }
    }
    let revisions = bench.ledger.records.map(\.revision)
    #expect(revisions == Array(1...UInt64(revisions.count)))
  }
}

extension Bench {
  /// Addresses that pods visibly hold in a block.
  fileprivate func count(_ block: CIDR) -> Int {
    engine.list(.pod, after: nil, limit: 10_000).objects
      .flatMap { PodObject($0.object).addresses.array }
      .count { block.contains($0.address) }
  }
}

/// One loop on a thread of its own: some requests, a hand-over, the answers, and again.
private final class Hammer: BatchObserver, Waiter {
  private struct State {
    var random: SeededRandom
    var complaints: [String] = []
  }

  private let bench: WriterBench
  private let end: Date
  private let state: Locked<State>
  private let wakes = DispatchSemaphore(value: 0)
  private let settles = DispatchSemaphore(value: 0)

  init(_ bench: WriterBench, seed: UInt64, end: Date) {
    self.bench = bench
    self.end = end
    state = Locked(State(random: SeededRandom(seed: seed)))
  }

  var complaints: [String] { state.withLock { $0.complaints } }

  func wake() { wakes.signal() }

  func settled(_ batch: consuming ChangeBatch) {
    if case .durable(let first, _) = batch.outcome {
      let last = first + UInt64(batch.count) - 1
      let newest = bench.bench.ledger.newestRevision
      let shown = bench.bench.engine.revision
      if newest < last || shown < last { complain("\(last) is answered at \(newest), \(shown)") }
    }
    settles.signal()
  }

  private func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }

  private func number(_ limit: Int) -> Int {
    state.withLock { Int.random(in: 0..<limit, using: &$0.random) }
  }

  func run() {
    while Date() < end {
      var batch = ChangeBatch(observer: self)
      for _ in 0...number(4) {
        guard ask(&batch) else { break }
      }
      if batch.count > 0 {
        bench.writer.submit(batch)
        guard settles.wait(timeout: .now() + WriterBench.patience) == .success else {
          return complain("a batch never came back")
        }
      } else {
        // Whoever asked in vain was refused, or waits and has been or will be woken.
        _ = wakes.wait(timeout: .now() + .milliseconds(1))
      }
    }
  }

  /// One request; false when it waits.
  private func ask(_ batch: inout ChangeBatch) -> Bool {
    let engine = bench.bench.engine
    var request = PodRequest(node: "n\(number(4))", name: "p\(number(12))")
    if number(2) == 0 { request.containerID = "c\(number(2))" }
    do throws(Refusal) {
      switch number(16) {
      case ..<8:
        if number(4) == 0, let address = IPAddress("10.244.0.\(number(60))") {
          request.ips = [address]
        }
        if number(4) == 0 { request.labels = ["k": "\(number(3))"] }
        if case .wait = try engine.reservePod(
          request.draft, actor: "test", into: &batch, waiter: self)
        {
          return false
        }
      case ..<12:
        let targets: [PodRelease] = [
          .owner(request), .everything(namespace: "default", name: request.name),
          .container(node: request.node, containerID: "c0"),
        ]
        if case .wait = try engine.releasePods(
          targets[number(3)].target, ifRevision: nil, actor: "test", into: &batch, waiter: self)
        {
          return false
        }
      case 12:
        if case .wait = try engine.releaseNode(
          name: request.node, force: true, ifRevision: nil, actor: "test", into: &batch,
          waiter: self)
        {
          return false
        }
      case 13:
        let node = NodeRequest(
          name: request.node, nodeIPs: nil, podCIDRs: nil, os: "linux", networkMode: nil,
          actor: "test")
        if case .wait = try engine.registerNode(node, into: &batch, waiter: self) { return false }
      default: return try askForService(&batch)
      }
    } catch {
      if case .invalid(let causes) = error { complain("\(causes)") }
    }
    return true
  }

  private func askForService(_ batch: inout ChangeBatch) throws(Refusal) -> Bool {
    let engine = bench.bench.engine
    let name = "s\(number(40))"
    if number(2) == 0 {
      if case .wait = try engine.releaseService(
        namespace: "default", name: name, ifRevision: nil, actor: "test", into: &batch,
        waiter: self)
      {
        return false
      }
      return true
    }
    let request = ServiceRequest(
      verb: .reserve, namespace: "default", name: name, uid: nil, spec: ServiceSpec(),
      ifRevision: nil, isDryRun: number(4) == 0, actor: "test")
    if case .wait = try engine.changeService(request, into: &batch, waiter: self) { return false }
    return true
  }
}

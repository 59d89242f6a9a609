import AddressBitmap
import Addressing
import Allocation
import SQLiteLedger

/// Taking addresses, deciding about pods, and writing records.
enum EngineWork {
  /// An address of each family, kept.
  static func claimPairs(_ count: Int) -> Int {
    let quarantine = Quarantine(milliseconds: 30_000, isStrict: false)
    let ranges = ["10.0.0.0/8", "fd00:10:244::/64"].compactMap { CIDR($0) }.map {
      AddressRange(cidr: $0, use: .pod(reservesGateway: true, quarantine: quarantine))
    }
    var taken = 0
    for _ in 0..<count {
      for range in ranges {
        guard let claim = range.claimAutomatic(now: 0) else { continue }
        claim.commit()
        taken += 1
      }
    }
    return taken
  }

  /// Decides, shows, and finds the answer; no ledger in between.
  static func reserve(_ count: Int) throws -> Int {
    var bench = try EngineBench()
    var found = 0
    for start in stride(from: 0, to: count, by: Workload.turn) {
      var batch = ChangeBatch(observer: Idle())
      try bench.reserve(start..<(start + Workload.turn), into: &batch)
      let first = bench.show(&batch)
      for index in 0..<batch.count {
        let revision = first + UInt64(index)
        found += bench.engine.podAnswer(batch.changes[index], revision: revision) == nil ? 0 : 1
      }
    }
    return found
  }

  /// The records of a turn into SQLite, one transaction a turn.
  static func append(_ count: Int, folder: String) throws -> Int {
    var bench = try EngineBench()
    let ledger = try SQLiteLedger.open(at: folder + "/ledger.db")
    var batch = ChangeBatch(observer: Idle())
    try bench.reserve(0..<Workload.turn, into: &batch)
    for start in stride(from: 0, to: count, by: Workload.turn) {
      try ledger.begin()
      try ledger.append(batch, firstRevision: UInt64(start) + 1, time: Idle.time)
      try ledger.commit()
    }
    return Int(ledger.newestRevision)
  }
}

/// An engine with its nodes, and a clock that stands still.
struct EngineBench: ~Copyable {
  let engine: AllocationEngine
  private let idle = Idle()
  private var revision: UInt64 = 0
  private var draft = PodDraft()
  private var workload = Workload()

  private static let network = Array("default".utf8)
  private static let interface = Array("eth0".utf8)

  init() throws {
    let blocks = ["10.0.0.0/8", "fd00:10:244::/48"].compactMap { CIDR($0) }
    let configuration = ClusterConfiguration(clusterCIDRs: blocks, nodePrefixLengthIPv4: 18)
    engine = AllocationEngine(configuration: configuration, clock: idle)
    var batch = ChangeBatch(observer: idle)
    for number in 0..<Workload.turn {
      let request = NodeRequest(
        name: Workload.node(number), nodeIPs: nil, podCIDRs: nil, os: "linux", networkMode: nil,
        actor: "uid:0")
      _ = try engine.registerNode(request, into: &batch, waiter: idle)
    }
    show(&batch)
  }

  mutating func reserve(_ numbers: Range<Int>, into batch: inout ChangeBatch) throws {
    for number in numbers {
      draft.reset()
      workload.number(number)
      draft.node.append(contentsOf: workload.node)
      draft.containerID.append(contentsOf: workload.containerID)
      draft.isContainerIDGiven = true
      draft.key.append(contentsOf: Self.network)
      draft.endMember()
      draft.beginName()
      draft.key.append(contentsOf: Self.network)
      draft.endMember()
      draft.key.append(contentsOf: workload.pod)
      draft.endName()
      draft.endMember()
      draft.addInstance()
      draft.endMember()
      draft.key.append(contentsOf: Self.interface)
      _ = try engine.reservePod(draft, actor: "uid:0", into: &batch, waiter: idle)
    }
  }

  /// As if it had been written; answers the first revision.
  @discardableResult
  mutating func show(_ batch: inout ChangeBatch) -> UInt64 {
    let first = revision + 1
    engine.show(&batch, firstRevision: first, time: Idle.time)
    revision += UInt64(batch.count)
    return first
  }
}

/// Time stands still, nobody waits, and no batch comes back.
final class Idle: LedgerClock, Waiter, BatchObserver {
  static let time: Int64 = 1_767_225_600_000

  func wallMilliseconds() -> Int64 { Self.time }
  func monotonicNanoseconds() -> Int64 { 1_000_000_000 }
  func wake() {}
  func settled(_ batch: consuming ChangeBatch) {}
}

import FaultKit
import IPLedgerClient
import Testing

@testable import ipledger_load

/// Whole runs against a real daemon.
@Suite struct LoadRunTests {
  static func plan(_ daemon: DaemonProcess, _ mode: Mode) -> LoadPlan {
    LoadPlan(
      mode: mode, endpoint: .unix(path: daemon.socketPath), clients: 3, depth: 4, nodes: 5,
      nodeCapacity: 200, podsPerNode: 30, services: 100, requests: 400, fill: 0.2,
      containerIDLength: 20, checks: true)
  }

  @Test(arguments: Mode.allCases)
  func `every mode asks what it should, and the history is in order`(mode: Mode) throws {
    let daemon = try DaemonProcess.start()
    let result = try LoadRun(plan: Self.plan(daemon, mode)).measure()
    #expect(result.failed == 0, "\(result.errors)")
    let check = try #require(result.check)
    #expect(check.violations == 0, "\(check.samples)")
    #expect(check.readBack > 0)
    switch mode {
    case .retries: #expect(result.answers == 3 * 134)
    case .restartStorm: #expect(result.answers == 5 * 30)
    default: #expect(result.answers == 400)
    }
    #expect(result.intervals.map(\.answers).reduce(0, +) == result.answers)
    #expect(result.operations.map { Int($0.latency.count) }.reduce(0, +) == result.answers)
    try daemon.stop()
  }

  @Test func `a full node is counted by its reason`() throws {
    let daemon = try DaemonProcess.start()
    var plan = Self.plan(daemon, .pods)
    plan.nodes = 1
    plan.nodeCapacity = 300
    plan.requests = 300
    let result = try LoadRun(plan: plan).measure()
    #expect(result.errors == ["Exhausted": 300 - 253])
    #expect(result.check?.violations == 0)
    #expect(!result.isClean)
  }

  @Test func `with a rate as many are sent as time says`() throws {
    let daemon = try DaemonProcess.start()
    var plan = Self.plan(daemon, .pods)
    plan.requests = nil
    plan.rate = 500
    plan.seconds = 0.5
    plan.warmUp = 0.1
    let result = try LoadRun(plan: plan).measure()
    #expect(result.failed == 0)
    // All of 300, less those that were answered in the warm-up.
    #expect((150...300).contains(result.answers), "\(result.answers)")
  }

  @Test func `a daemon that is not there is a failure`() throws {
    let folder = try TemporaryFolder()
    let daemon = try DaemonProcess.start(in: folder)
    let plan = Self.plan(daemon, .pods)
    try daemon.stop()
    #expect(throws: LoadFailure.self) { try LoadRun(plan: plan).measure() }
  }
}

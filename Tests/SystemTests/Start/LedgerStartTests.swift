import FaultKit
import Foundation
import Testing

/// Which ledgers a daemon starts on, and with which ranges.
@Suite(.ownThreads) struct LedgerStartTests {
  /// A daemon that must not start; what it said.
  private static func refusal(
    _ setup: DaemonSetup, in folder: TemporaryFolder? = nil
  ) throws -> String {
    let daemon = try DaemonProcess.launch(setup, in: folder)
    let status = try daemon.child.waitForExit()
    let text = daemon.child.errorText
    guard case .exited(let number) = status, number != 0 else {
      throw HarnessFailure.ended("it ended with \(status): \(text)")
    }
    return text
  }

  @Test func `a second daemon on one ledger is refused and the first is named`() throws {
    let first = try DaemonProcess.start()
    let setup = DaemonSetup.dual.with {
      $0.namesLedger = false
      $0.flags = ["--ledger", first.ledgerPath]
    }
    for _ in 0..<3 {
      let text = try Self.refusal(setup)
      #expect(text.contains(String(first.pid)), "\(text)")
    }
    #expect(try first.client().request("node.register", ["name": "n"]).result != nil)
    try first.kill()
    let next = try DaemonProcess.start(setup)
    #expect(try next.client().request("node.get", ["name": "n"]).result != nil)
  }

  @Test func `what is no ledger is refused and left as it is`() throws {
    let texts = ["this is a diary and no ledger\n", String(repeating: "x", count: 20_000)]
    for text in texts {
      let folder = try TemporaryFolder()
      let path = try folder.write(text, to: "ledger.db")
      let said = try Self.refusal(.dual, in: folder)
      #expect(said.contains(path), "\(said)")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  @Test func `another program's database is refused`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("ledger.db")
    let made = try ChildProcess.run(
      "/usr/bin/python3",
      [
        "-c",
        "import sqlite3,sys; c = sqlite3.connect(sys.argv[1]);"
          + "c.execute('CREATE TABLE notes (text)'); c.commit()", path,
      ])
    #expect(made.status == .exited(0), "\(made.errors)")
    let said = try Self.refusal(.dual, in: folder)
    #expect(said.contains(path), "\(said)")
  }

  @Test func `a ledger in a folder that cannot be is refused`() throws {
    let setup = DaemonSetup.dual.with {
      $0.namesLedger = false
      $0.flags = ["--ledger", "/proc/nowhere/ledger.db"]
    }
    #expect(try Self.refusal(setup).contains("/proc/nowhere"))
  }

  @Test func `ranges that vanish while in use are refused with how many and whose`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    for number in 0..<3 {
      let request: JSON = ["namespace": "shop", "name": "till-\(number)", "spec": [:]]
      _ = try client.request("service.reserve", request)
    }
    _ = try client.request("node.register", ["name": "worker-1"])
    try daemon.stop()
    let services = DaemonSetup(
      serviceRange: "10.97.0.0/16,fd00:10:96::/108", clusterCIDR: DaemonSetup.dual.clusterCIDR)
    let said = try Self.refusal(services, in: daemon.folder)
    #expect(said.contains("3"), "\(said)")
    #expect(said.contains("till-"), "\(said)")
    let nodes = DaemonSetup(
      serviceRange: DaemonSetup.dual.serviceRange, clusterCIDR: "10.245.0.0/16,fd00:10:244::/56")
    #expect(try Self.refusal(nodes, in: daemon.folder).contains("worker-1"))
    let unused = DaemonSetup(
      serviceRange: "10.96.0.0/16", clusterCIDR: DaemonSetup.dual.clusterCIDR)
    let without = try daemon.startAgain(unused)
    #expect(try without.client().all("service.list").count == 3, "no Service used the other")
    try without.stop()
    let again = try daemon.startAgain()
    #expect(try again.client().all("service.list").count == 3)
  }

  @Test func `a second family may be added at a start`() throws {
    let daemon = try DaemonProcess.start(.ipv4)
    let client = try daemon.client()
    let key: JSON = ["namespace": "d", "name": "s"]
    let spec: JSON = ["ipFamilyPolicy": "PreferDualStack"]
    let before = try client.request("service.reserve", key.with("spec", spec))
    _ = try client.request("node.register", ["name": "old"])
    _ = try client.request("pod.reserve", key.with("node", "old"))
    try daemon.stop()
    let dual = try daemon.startAgain(.dual)
    let after = try dual.client()
    let written = try #require(before.result?["spec"])
    let kept = try after.request("service.update", key.with("spec", written))
    #expect(kept.result?["spec"] == written, "written back it stays as it is: \(kept)")
    let required: JSON = ["ipFamilyPolicy": "RequireDualStack"]
    let wider = try after.request("service.update", key.with("spec", required))
    #expect(wider.result?["spec"]?["ipFamilies"] == ["IPv4", "IPv6"], "\(wider)")
    let old = try after.request("node.get", ["name": "old"])
    #expect(old.result?["podCIDRs"] == ["10.244.0.0/24"], "\(old)")
    let node = try after.request("node.register", ["name": "new"])
    #expect(node.result?["podCIDRs"]?.list?.count == 2, "\(node)")
    let pod = try after.request("pod.reserve", key.with("node", "new").with("name", "q"))
    #expect(pod.result?["podIPs"]?.list?.count == 2, "\(pod)")
  }

  @Test func `everything is as it was after a restart`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "x": ["10.244.9.0/28"]])
    for number in 0..<30 {
      _ = try bench.reserve("p\(number)", ["labels": ["n": "\(number)"], "uid": "u\(number)"])
      let spec: JSON = number % 2 == 0 ? ["ipFamilyPolicy": "RequireDualStack"] : [:]
      _ = try bench.client.request(
        "service.reserve", PodBench.key("s\(number)").with("spec", spec))
    }
    for number in 0..<10 { try bench.release("p\(number)", ["uid": "u\(number)"]) }
    for isKilled in [false, true, true] {
      let methods = ["pod.list", "service.list", "node.list", "range.list"]
      let before = try methods.map { try bench.client.all($0) }
      let revision = try bench.newestRevision()
      try bench.restart(killing: isKilled)
      #expect(try methods.map { try bench.client.all($0) } == before)
      #expect(try bench.newestRevision() == revision)
    }
  }
}

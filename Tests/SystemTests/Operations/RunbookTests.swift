import FaultKit
import Foundation
import Testing

/// The runbook knows everything that may happen, and its commands work.
@Suite(.ownThreads) struct RunbookTests {
  @Test func `every alert and every reason of an error has its section, and nothing else has`()
    throws
  {
    let reasons = try Runbook.reasons()
    let alerts = try Runbook.alerts()
    #expect(reasons.count == 18 && alerts.count >= 15)
    #expect(try Runbook().sections == alerts + reasons)
  }

  @Test func `what it points to is there`() throws {
    let page = try Runbook()
    #expect(page.links.count > 10)
    for link in page.links { #expect(page.anchors.contains(link), "\(link)") }
    let rules = try Repository.text("ops/prometheus/ipledger.rules.yaml")
    for match in rules.matches(of: #/RUNBOOK.md#([a-z]+)/#) {
      #expect(page.anchors.contains(String(match.1)), "\(match.1)")
    }
  }

  @Test func `its requests are ones that the daemon takes`() throws {
    let bench = try PodBench()
    let page = try Runbook()
    #expect(page.requests.count > 15)
    for (method, params) in page.requests {
      let here = params.replacing("/var/lib/ipledger/backups", with: bench.daemon.folder.path)
      let read = try #require(JSON(parsing: here), "\(params)")
      let answer = try bench.client.request(method, read)
      let fine: Set<String?> = [nil, "NotFound", "OutOfRange", "Conflict"]
      #expect(fine.contains(answer.reason), "\(method) \(params): \(answer)")
    }
  }

  @Test func `its function is one that a shell can run`() throws {
    let daemon = try DaemonProcess.start()
    let page = try Runbook().text
    let start = try #require(page.range(of: "ask() {\n"))
    let end = try #require(page.range(of: "\n}\n", range: start.upperBound..<page.endIndex))
    let function = page[start.lowerBound..<end.upperBound]
      .replacing("/run/ipledger/ipledger.sock", with: daemon.socketPath)
    for (call, wanted) in [
      ("ask server.health", "\"ledger\":\"ok\""),
      (#"ask range.explain '{"name":"service-ipv4"}'"#, "\"ranges\":["),
    ] {
      let result = try ChildProcess.run("/bin/sh", ["-euc", function + call])
      #expect(result.status == .exited(0) && result.output.contains(wanted), "\(result)")
    }
  }
}

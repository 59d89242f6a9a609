import FaultKit
import Foundation
import Testing

/// SIGTERM: answering what was read, and leaving.
@Suite(.ownThreads) struct DrainTests {
  @Test func `an idle daemon leaves at once and removes its socket`() throws {
    let daemon = try DaemonProcess.start()
    let idle = try daemon.client()
    _ = try idle.request("server.ping")
    daemon.child.signal(SIGTERM)
    #expect(try daemon.child.waitForExit(within: Deadline(seconds: 4)) == .exited(0))
    try idle.expectEnd()
    #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `what was read is answered, and the rest has not happened`(number: Int32) throws {
    let bench = try PodBench()
    let client = bench.client
    let count = 200
    let lines = (0..<count).map {
      let pod: JSON = ["node": "w", "namespace": "d", "name": .string("p\($0)")]
      return LineClient.request("pod.reserve", pod, id: .int($0)).line + "\n"
    }
    try client.send(bytes: Array(lines.joined().utf8))
    var answers = [Answer(try client.readJSON())]
    bench.daemon.child.signal(number)
    while let line = try client.readLine() {
      answers.append(Answer(try #require(JSON(parsing: line))))
    }
    #expect(try bench.daemon.child.waitForExit() == .exited(0))
    let ids = answers.compactMap { $0.id?.int }
    #expect(Set(ids) == Set(0..<ids.count), "answered are those read, which were sent first")
    let refused = answers.filter { $0.result == nil }
    #expect(refused.allSatisfy { $0.reason == "ShuttingDown" }, "\(refused)")
    let granted = Set(answers.filter { $0.result != nil }.compactMap { $0.id?.int })
    try bench.restart()
    let held = try bench.client.all("pod.list").compactMap { $0["name"]?.text }
    #expect(Set(held) == Set(granted.map { "p\($0)" }))
  }

  @Test func `a client that takes no answers does not hold up the end for long`() throws {
    let daemon = try DaemonProcess.start()
    let hoarder = try daemon.client()
    let requests = Array(
      String(repeating: #"{"id":1,"method":"rpc.discover"}"# + "\n", count: 500).utf8)
    _ = try hoarder.sendWithoutWaiting(bytes: requests)
    #expect(try daemon.client().request("server.ping").result == [:])
    daemon.child.signal(SIGTERM)
    #expect(try daemon.child.waitForExit(within: Deadline(seconds: 15)) == .exited(0))
  }

  @Test func `a stop under load leaves a ledger that says what was answered`() throws {
    let bench = try PodBench()
    let daemon = bench.daemon
    let held = try Workers.run(6) { index, gate in
      let client = try daemon.client()
      try gate.pass()
      var names: Set<String> = []
      for number in 0..<100_000 {
        let name = "p\(index)-\(number)"
        let pod: JSON = ["node": "w", "namespace": "d", "name": .string(name)]
        if index == 0, number == 10 { daemon.child.signal(SIGTERM) }
        guard let answer = try? client.request("pod.reserve", pod) else { return names }
        guard answer.result != nil else { continue }
        names.insert(name)
      }
      return names
    }
    #expect(try daemon.child.waitForExit() == .exited(0))
    try bench.restart()
    let names = try bench.client.all("pod.list").compactMap { $0["name"]?.text }
    #expect(Set(names) == held.reduce(into: []) { $0.formUnion($1) })
  }
}

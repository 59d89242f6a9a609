import FaultKit
import Testing

/// Clients that pipeline, stop reading, stop writing, or do nothing at all.
@Suite(.ownThreads) struct ConnectionTests {
  private static func pod(_ number: Int) -> JSON {
    ["node": "w", "namespace": "d", "name": .string("p\(number)")]
  }

  @Test func `a client that shuts its writing side gets every answer due`() throws {
    let bench = try PodBench()
    let client = try bench.daemon.client()
    let count = 200
    let lines = (0..<count).map {
      LineClient.request("pod.reserve", Self.pod($0), id: .int($0)).line + "\n"
    }
    try client.send(bytes: Array(lines.joined().utf8))
    client.shutdownWriting()
    var ids: Set<Int> = []
    for _ in 0..<count {
      let answer = Answer(try client.readJSON())
      #expect(answer.result != nil, "\(answer)")
      ids.insert(answer.id?.int ?? -1)
    }
    #expect(ids == Set(0..<count))
    try client.expectEnd()
  }

  @Test func `a last line without its end is dropped`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    let whole = #"{"id":1,"method":"server.ping"}"# + "\n"
    let cut = #"{"id":2,"method":"node.register","params":{"name":"n"}}"#
    try client.send(bytes: Array((whole + cut).utf8))
    client.shutdownWriting()
    #expect(try client.readJSON()["id"] == 1)
    try client.expectEnd()
    #expect(try daemon.client().all("node.list").isEmpty)
  }

  @Test func `a client that goes away leaves its requests to be finished`() throws {
    let bench = try PodBench()
    for number in 0..<20 {
      let client = try bench.daemon.client()
      _ = try client.begin("pod.reserve", Self.pod(number))
      client.close()
    }
    #expect(try bench.client.request("server.ping").result == [:])
    let items = try bench.client.all("pod.list")
    #expect(items.allSatisfy { $0["podIPs"]?.list?.count == 2 })
  }

  @Test func `answers that are not taken cost bounded memory and nobody else's time`() throws {
    let daemon = try DaemonProcess.start()
    let other = try daemon.client()
    // The description is a thousand times as long as the request for it.
    for _ in 0..<5 { _ = try other.request("rpc.discover") }
    let before = try daemon.residentBytes()
    let hoarder = try daemon.client()
    let requests = Array(
      String(repeating: #"{"id":1,"method":"rpc.discover"}"# + "\n", count: 2000).utf8)
    var sent = 0
    var refusals = 0
    let deadline = Deadline(seconds: 10)
    while refusals < 50, !deadline.hasPassed {
      let start = sent % requests.count
      let count = try hoarder.sendWithoutWaiting(bytes: Array(requests[start...]))
      sent += count
      refusals = count == 0 ? refusals + 1 : 0
      let ping = try other.request("server.ping", within: Deadline(seconds: 5))
      #expect(ping.result == [:])
    }
    #expect(refusals == 50, "it was read from on and on: \(sent) bytes")
    let grown = try daemon.residentBytes() - before
    #expect(grown < 32 << 20, "\(grown) bytes")
    let stats = try other.request("server.stats").result?["connections"]
    #expect(stats?["paused"] == 1, "\(stats ?? .null)")
  }

  @Test func `a client that reads again gets all its answers`() throws {
    let client = try DaemonProcess.start().client()
    let line = Array((#"{"id":1,"method":"server.info"}"# + "\n").utf8)
    let many = Array([[UInt8]](repeating: line, count: 500).joined())
    var sent = 0
    var refusals = 0
    while refusals < 20, sent < 8 << 20 {
      let count = try client.sendWithoutWaiting(bytes: Array(many[(sent % many.count)...]))
      sent += count
      refusals = count == 0 ? refusals + 1 : 0
    }
    let whole = sent / line.count
    for number in 0..<whole {
      let answer = try client.readLine()
      #expect(answer?.hasPrefix("{") == true, "answer \(number) of \(whole)")
    }
    let rest = sent % line.count
    if rest > 0 {
      try client.send(bytes: Array(line[rest...]))
      #expect(try client.readLine() != nil)
    }
    try client.send(line: #"{"id":2,"method":"server.ping"}"#)
    #expect(try client.readJSON()["id"] == 2)
  }

  @Test func `thousands of idle connections cost little and disturb nobody`() throws {
    let count = 2000
    try OpenFiles.raiseLimit(to: 2 * count + 500)
    let daemon = try DaemonProcess.start()
    let active = try daemon.client()
    _ = try active.request("server.ping")
    let before = try daemon.residentBytes()
    var idle: [LineClient] = []
    for _ in 0..<count { idle.append(try daemon.client()) }
    _ = try idle[count - 1].request("server.ping")
    #expect(try active.request("server.ping", within: Deadline(seconds: 5)).result == [:])
    let open = try active.request("server.stats").result?["connections"]?["open"]?.int ?? 0
    #expect(open >= count, "\(open)")
    let each = (try daemon.residentBytes() - before) / count
    #expect(each < 40_000, "\(each) bytes a connection")
    for client in idle.prefix(20) + idle.suffix(20) {
      #expect(try client.request("server.ping").result == [:])
    }
    idle.removeAll()
    _ = try eventually("the end of the connections") {
      let left = try active.request("server.stats").result?["connections"]?["open"]?.int
      return left == 1 ? true : nil
    }
  }

  @Test func `half a line holds up nobody else`() throws {
    let daemon = try DaemonProcess.start()
    var slow: [LineClient] = []
    for _ in 0..<100 {
      let client = try daemon.client()
      try client.send(bytes: Array(#"{"id":1,"method":"#.utf8))
      slow.append(client)
    }
    let quick = try daemon.client()
    #expect(try quick.request("server.ping", within: Deadline(seconds: 5)).result == [:])
    for client in slow {
      try client.send(line: #""server.ping"}"#)
      #expect(try client.readJSON()["id"] == 1)
    }
  }

  @Test func `a daemon out of descriptors serves those it has and accepts again`() throws {
    let setup = DaemonSetup.dual.with {
      $0.wrapper = ["/usr/bin/prlimit", "--nofile=48:48", "--"]
    }
    let daemon = try DaemonProcess.start(setup)
    let first = try daemon.client()
    _ = try first.request("server.ping")
    var others: [LineClient] = []
    for _ in 0..<60 { others.append(try daemon.client()) }
    #expect(try first.request("server.ping").result == [:])
    others.removeAll()
    let late = try daemon.client()
    #expect(try late.request("server.ping").result == [:])
    #expect(try first.request("node.register", ["name": "n"]).result != nil)
  }
}

import FaultKit
import Testing

/// Who may do what.
@Suite(.ownThreads) struct AccessTests {
  /// Sends each line of its input to a Unix socket and prints the answers; whoever runs it is who
  /// asks.
  private static let asker = """
    import socket, sys
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    s.connect(sys.argv[1])
    f = s.makefile("rw", encoding="utf-8", newline="\\n")
    for line in sys.stdin:
        f.write(line)
        f.flush()
        print(f.readline(), end="")
    """

  private static let reads = [
    "server.stats", "pod.list", "service.list", "node.list", "range.list",
  ]
  private static let pod: JSON = ["namespace": "d", "name": "p"]
  private static let allocations: [(String, JSON)] = [
    ("pod.reserve", pod.with("node", "w")), ("pod.release", pod),
    ("service.reserve", pod.with("spec", [:])), ("service.update", pod.with("spec", [:])),
    ("service.adopt", pod.with("spec", [:])), ("service.release", pod),
  ]
  private static let administration: [(String, JSON)] = [
    ("node.register", ["name": "w"]), ("node.release", ["name": "w"]),
  ]
  private static let open = ["server.ping", "server.info", "server.health", "rpc.discover"]

  @Test(.enabled(if: Environment.isRoot))
  func `another user of the machine is refused all but the open methods`() throws {
    let daemon = try DaemonProcess.start()
    let script = try daemon.folder.write(Self.asker, to: "asker.py")
    var requests: [(String, JSON, String)] = Self.open.map { ($0, [:], "") }
    requests += Self.reads.map { ($0, [:], "reader") }
    requests += Self.allocations.map { ($0.0, $0.1, "allocator") }
    requests += Self.administration.map { ($0.0, $0.1, "admin") }
    let lines = requests.enumerated().map { index, request in
      LineClient.request(request.0, request.1, id: .int(index)).line + "\n"
    }
    let run = try ChildProcess.run(
      "/usr/bin/setpriv",
      [
        "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", script,
        daemon.socketPath,
      ], input: lines.joined())
    #expect(run.status == .exited(0), "\(run.errors)")
    let answers = run.output.split(separator: "\n").compactMap {
      JSON(parsing: String($0)).map { Answer($0) }
    }
    try #require(answers.count == requests.count, "\(run.output)")
    for (answer, request) in zip(answers, requests) {
      guard !request.2.isEmpty else {
        #expect(answer.result != nil, "\(request.0): \(answer)")
        continue
      }
      #expect(answer.code == -32006 && answer.reason == "Forbidden", "\(request.0): \(answer)")
      #expect(answer.data?["needed"]?.text == request.2, "\(answer)")
      #expect(answer.data?["role"] == "none", "\(answer)")
    }
    #expect(answers[1].result?["role"] == "none", "\(answers[1])")
    #expect(try daemon.client().request("server.info").revision == 0, "nothing was changed")
  }

  @Test func `plain TCP reads and changes nothing`() throws {
    let port = try StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with { $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"] })
    let client = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    #expect(try client.request("server.info").result?["role"] == "reader")
    for method in Self.open + Self.reads {
      #expect(try client.request(method).result != nil, "\(method)")
    }
    let changes =
      Self.allocations.map { ($0, "allocator") }
      + Self.administration.map { ($0, "admin") }
    for (request, needed) in changes {
      let answer = try client.request(request.0, request.1)
      #expect(answer.code == -32006, "\(request.0): \(answer)")
      #expect(answer.data?["role"] == "reader", "\(answer)")
      #expect(answer.data?["needed"]?.text == needed, "\(answer)")
    }
    try client.send(line: LineClient.request("node.register", ["name": "x"], id: 1).line)
    #expect(Answer(try client.readJSON()).reason == "Forbidden")
    #expect(try daemon.client().request("server.info").revision == 0)
  }
}

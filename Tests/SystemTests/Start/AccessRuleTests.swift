import FaultKit
import Testing

/// What rules of the configuration give to users, groups and tokens.
@Suite(.ownThreads) struct AccessRuleTests {
  /// SHA-256 of `open sesame`, as `printf 'open sesame' | sha256sum` writes it.
  private static let sesame = "41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb"

  /// Asks as another user of this machine.
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

  struct Who: Sendable, CustomStringConvertible {
    let uid: Int
    let gid: Int
    let groups: String
    let role: String

    var description: String { "uid \(uid), gid \(gid), \(groups)" }
  }

  /// What each role may do beyond the one before it.
  private static let calls: [(method: String, params: JSON, role: String)] = [
    ("server.ping", [:], "none"), ("pod.list", [:], "reader"),
    ("pod.release", ["namespace": "d", "name": "p"], "allocator"),
    ("node.release", ["name": "w"], "controller"),
    ("range.exclude", ["cidrs": ["10.96.0.64/26"]], "admin"), ("ledger.verify", [:], "admin"),
  ]

  private static let order = ["none", "reader", "allocator", "controller", "admin"]

  @Test(
    .enabled(if: Environment.isRoot),
    arguments: [
      Who(uid: 4001, gid: 9, groups: "--clear-groups", role: "reader"),
      Who(uid: 4002, gid: 9, groups: "--clear-groups", role: "controller"),
      Who(uid: 4009, gid: 5001, groups: "--clear-groups", role: "allocator"),
      Who(uid: 4009, gid: 9, groups: "--groups=7,5001,8", role: "allocator"),
      Who(uid: 4001, gid: 5001, groups: "--clear-groups", role: "allocator"),
      Who(uid: 4003, gid: 9, groups: "--clear-groups", role: "admin"),
      Who(uid: 4009, gid: 9, groups: "--groups=7,8", role: "none"),
    ])
  func `a process has the strongest role that its user and groups have, for every method`(
    _ who: Who
  ) throws {
    let daemon = try DaemonProcess.start(
      .dual.with {
        $0.yaml = """
          access:
            - {uid: 4001, role: reader}
            - {uid: 4002, role: controller}
            - {uid: 4003, role: admin}
            - {gid: 5001, role: allocator}
          """
      })
    let script = try daemon.folder.write(Self.asker, to: "asker.py")
    let lines = Self.calls.enumerated().map { index, call in
      LineClient.request(call.method, call.params, id: .int(index)).line + "\n"
    }
    let run = try ChildProcess.run(
      "/usr/bin/setpriv",
      [
        "--reuid=\(who.uid)", "--regid=\(who.gid)", who.groups, "/usr/bin/python3", script,
        daemon.socketPath,
      ], input: lines.joined())
    let answers = run.output.split(separator: "\n").compactMap {
      JSON(parsing: String($0)).map { Answer($0) }
    }
    try #require(answers.count == Self.calls.count, "\(run.errors)")
    let mine = try #require(Self.order.firstIndex(of: who.role))
    for (answer, call) in zip(answers, Self.calls) {
      let needed = try #require(Self.order.firstIndex(of: call.role))
      let isForbidden = answer.reason == "Forbidden"
      #expect(isForbidden == (mine < needed), "\(call.method): \(answer)")
    }
  }

  @Test func `a token raises the role of its connection alone, and a wrong one says nothing`()
    throws
  {
    let port = try StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with {
        $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"]
        $0.yaml = "access: [{token: \"sha256:\(Self.sesame)\", role: allocator}]"
      })
    let client = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    let wrong = try client.request("server.authenticate", ["token": "open barley"])
    #expect(wrong.reason == "Forbidden" && wrong.data?["role"] == "reader", "\(wrong)")
    let right = try client.request("server.authenticate", ["token": "open sesame"])
    #expect(right.result?["role"] == "allocator", "\(right)")
    let released = try client.request("pod.release", ["namespace": "d", "name": "p"])
    #expect(released.result != nil, "\(released)")
    #expect(try client.request("ledger.verify").reason == "Forbidden")
    let other = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    #expect(try other.request("server.info").result?["role"] == "reader")
    try daemon.child.waitForErrorLine("a wrong token") { $0.contains("a token was wrong") }
    let missing = try other.request("server.authenticate")
    #expect(missing.causes == ["token Required"], "\(missing)")
  }

  @Test func `whoever guesses tokens is disconnected, and slowed down after that`() throws {
    let port = try StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with {
        $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"]
        $0.yaml = "access: [{token: \"sha256:\(Self.sesame)\", role: admin}]"
      })
    var refusals: [String?] = []
    for _ in 0..<5 {
      let client = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
      for _ in 0..<5 {
        refusals.append(try client.request("server.authenticate", ["token": "x"]).reason)
      }
    }
    #expect(
      refusals == Array(repeating: "Forbidden", count: 20)
        + Array(repeating: "Overloaded", count: 5))
    let admin = try daemon.client()
    #expect(try admin.request("server.authenticate", ["token": "open sesame"]).result != nil)
  }

  @Test func `what is forbidden looks the same whether or not the object is there`() throws {
    let port = try StreamSocket.freePort()
    let daemon = try DaemonProcess.start(
      .dual.with { $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"] })
    let admin = try daemon.client()
    _ = try admin.request("node.register", ["name": "w"])
    let reader = try LineClient(tcp: "127.0.0.1", port: port, of: daemon)
    let there = try reader.request("node.release", ["name": "w"])
    let absent = try reader.request("node.release", ["name": "x"])
    #expect(there.error == absent.error && there.reason == "Forbidden", "\(there) \(absent)")
    #expect(try admin.request("node.get", ["name": "w"]).result != nil)
  }
}

import FaultKit
import Testing

@Suite struct CommandErrorTests {
  @Test(arguments: [
    (["pod", "get", "none"], Int32(66), "NotFound", "pod|service|node|range list"),
    (["pod", "reserve", "web-0", "--node", "none"], 66, "node", "list"),
    (
      ["pod", "reserve", "web-0", "--node", "worker-1", "--ip", "10.0.0.1"], 73, "OutOfRange",
      "range list"
    ),
    (
      ["pod", "reserve", "web-0", "--node", "worker-1", "--ip", "10.244.0.2"], 73,
      "AlreadyReserved", "ipledger ip get 10.244.0.2"
    ),
    (["node", "register", "other", "--os", "beos"], 65, "os", "--help"),
    (["pod", "release", "a", "--ip", "10.244.0.2"], 64, "which pod", "--help"),
    (["node", "release", "worker-1"], 73, "Conflict", "release it first"),
    (["call", "pod.lst"], 65, "MethodNotFound", "try pod.list"),
    (["call", "pod.list", "[1"], 64, "JSON", "quote"),
    (["call", "pod.list", "[]"], 64, "object", "'{…}'"),
    (["ip", "get", "10.244.0.2", "--at", "2999-01-01T00:00:00Z"], 65, "at", "--help"),
    (["pod", "get"], 64, "which pod", "--help"),
    (["pod", "nonsense"], 64, "nonsense", "--help"),
    (["--socket", "http:x", "server", "ping"], 64, "unix:PATH", "--socket"),
    (["--socket", "unix:/nowhere/s", "server", "ping"], 69, "no such socket", "IPLEDGER_SOCKET"),
    (["--timeout", "0", "server", "ping"], 64, "--timeout", "--help"),
    (
      ["pod", "reconcile", "--node", "worker-1", "--live-file", "/nowhere/x"], 66, "/nowhere/x",
      "name a file"
    ),
    (
      ["pod", "reconcile", "--node", "worker-1", "--live-file", "/dev/null"], 65, "no container",
      "--none-live"
    ),
    (["ledger", "compact", "--before", "2"], 64, "--yes", "--help"),
  ])
  func `an error has a status of its class, names what was wrong, and says what to do next`(
    _ arguments: [String], _ status: Int32, _ what: String, _ next: String
  ) throws {
    let client = try ClientProgram()
    try client.expect("node", "register", "worker-1")
    try client.expect("pod", "reserve", "first", "--node", "worker-1", "--ip", "10.244.0.2")
    let run = try client.run(arguments)
    #expect(run.status == .exited(status), "\(run.errors)")
    #expect(run.output == "")
    #expect(run.errors.contains(what), "\(run.errors)")
    #expect(run.errors.contains(next), "\(run.errors)")
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test func `a reader may not change anything, and hears what is needed`() throws {
    let port = try StreamSocket.freePort()
    let client = try ClientProgram(
      .dual.with { $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"] })
    let run = try client(
      "node", "register", "worker-1", environment: ["IPLEDGER_SOCKET": "tcp:127.0.0.1:\(port)"])
    #expect(run.status == .exited(77))
    #expect(run.errors.contains("Next: needed is"), "\(run.errors)")
    #expect(
      try client("server", "info", environment: ["IPLEDGER_SOCKET": "tcp:127.0.0.1:\(port)"]).status
        == .exited(0))
  }

  @Test func `a token shows who asks`() throws {
    let port = try StreamSocket.freePort()
    let client = try ClientProgram(
      .dual.with {
        $0.flags = ["--listen", "tcp:127.0.0.1:\(port)"]
        $0.yaml =
          "access: [{token: \"sha256:41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb\", role: admin}]"
      })
    let place = ["IPLEDGER_SOCKET": "tcp:127.0.0.1:\(port)"]
    let wrong = try client("node", "register", "a", "--token", "x", environment: place)
    #expect(wrong.status == .exited(77), "\(wrong.errors)")
    let right = try client("node", "register", "a", "--token", "open sesame", environment: place)
    #expect(right.status == .exited(0), "\(right.errors)")
    let second = try client(
      "node", "register", "b",
      environment: place.merging(["IPLEDGER_TOKEN": "open sesame"]) { $1 })
    #expect(second.status == .exited(0), "\(second.errors)")
  }

  @Test func `what listens there and is no daemon is not believed`() throws {
    let client = try ClientProgram()
    let run = try client(
      "server", "ping", "--timeout", "0.2", "--socket", "tcp:127.0.0.1:1")
    #expect(run.status == .exited(69), "\(run.errors)")
    #expect(run.errors.contains("nobody listens there"))
  }

  @Test func `an answer that cannot be written is an error, not an answer`() throws {
    let client = try ClientProgram()
    let settings = Environment.clean.merging(
      ["IPLEDGER_SOCKET": "unix:\(client.daemon.socketPath)"]) { $1 }
    let run = try ChildProcess.run(
      "/bin/sh", ["-c", "exec '\(ClientProgram.path)' export >/dev/full"], environment: settings)
    #expect(run.status == .exited(73), "\(run.errors)")
    #expect(run.errors.contains("standard output cannot be written"), "\(run.errors)")
    #expect(run.errors.contains("No space left on device"), "\(run.errors)")
    #expect(run.errors.contains("Next: make room"), "\(run.errors)")
  }
}

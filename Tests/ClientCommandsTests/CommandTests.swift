import FaultKit
import Testing

@Suite struct CommandTests {
  private func cluster() throws -> ClientProgram {
    let client = try ClientProgram()
    try client.expect("node", "register", "worker-1", "--node-ip", "192.0.2.10")
    return client
  }

  @Test func `a pod's life is told in tables`() throws {
    let client = try cluster()
    let reserved = try client.expect(
      "pod", "reserve", "web-0", "--node", "worker-1", "--container-id", "3f9c", "-l", "app=web")
    #expect(reserved.words.contains("podIPs: 10.244.0.2,fd00:10:244::2"))
    let list = try client.expect("pod", "list", "-l", "app=web")
    #expect(list.lines.first?.hasPrefix("NAMESPACE   NAME    NODE       IPS") == true)
    #expect(list.lines.last?.contains("10.244.0.2,fd00:10:244::2") == true)
    #expect(try client.expect("pods", "list", "-o", "wide").lines.last?.contains("app=web") == true)
    let released = try client.expect("pod", "release", "--ip", "10.244.0.2")
    #expect(released.words.contains("released: 10.244.0.2,fd00:10:244::2"))
    let none = try client.expect("pod", "list")
    #expect(none.output == "")
    #expect(none.errors == "No pods hold addresses there.\n")
    let history = try client.expect("ip", "history", "10.244.0.2")
    #expect(history.lines.count == 3)
    #expect(history.lines[1].contains("Released"))
  }

  @Test func `the same result is JSON and YAML for programs`() throws {
    let client = try cluster()
    let json = try client.expect("-o", "json", "node", "get", "worker-1")
    #expect(json.json?["podCIDRs"]?.list?.count == 2)
    #expect(json.output.hasPrefix("{\n  \"name\": \"worker-1\",\n"))
    let yaml = try client.expect("node", "list", "--output", "yaml")
    #expect(yaml.output.contains("podCIDRs:\n  - 10.244.0.0/24\n  - fd00:10:244::/64\n"))
    let wrong = try client("node", "list", "-o", "xml")
    #expect(wrong.status == .exited(64))
  }

  @Test func `lists are whole, however many pages they take`() throws {
    let client = try ClientProgram()
    let lines = (0..<1_203).map {
      "{\"id\":\($0),\"method\":\"service.reserve\",\"params\":{\"namespace\":\"a\",\"name\":\"s\($0)\",\"spec\":{}}}\n"
    }
    let raw = try client.daemon.client()
    try raw.send(bytes: Array(lines.joined().utf8))
    for _ in lines { _ = try raw.readLine() }
    let list = try client.expect("service", "list", "-n", "a")
    #expect(list.lines.count == 1_204)
    let records = try client.expect("ledger", "read", "-o", "json")
    #expect(records.json?["items"]?.list?.count == 1_203)
    let some = try client.expect("ledger", "read", "--after", "1000", "--limit", "5")
    #expect(some.lines.count == 6)
  }

  @Test func `Services follow Kubernetes from the command line too`() throws {
    let client = try cluster()
    let dry = try client.expect(
      "service", "reserve", "a", "--policy", "PreferDualStack", "--dry-run", "-o", "json")
    #expect(dry.json?["spec"]?["ipFamilies"] == ["IPv4", "IPv6"])
    #expect(try client("service", "get", "a").status == .exited(66))
    try client.expect("svc", "reserve", "a", "--cluster-ip", "10.96.0.10", "--selector", "app=a")
    let update = try client.expect(
      "service", "update", "a", "--policy", "PreferDualStack", "-o", "json")
    #expect(update.json?["spec"]?["clusterIPs"]?[0]?.text == "10.96.0.10")
    try client.expect("service", "adopt", "b", "--cluster-ip", "None", "--selector", "app=b")
    let list = try client.expect("service", "list")
    #expect(list.lines.count == 3)
    #expect(list.lines[2].contains("None"))
    try client.expect("service", "release", "a")
    #expect(try client.expect("service", "list").lines.count == 2)
  }

  @Test func `ranges are listed, explained, excluded, and come and go`() throws {
    let client = try cluster()
    #expect(try client.expect("range", "list").lines.count == 5)
    #expect(try client.expect("range", "get", "10.244.0.0/24").output.contains("253"))
    try client.expect("range", "add", "more", "10.97.0.0/24", "--purpose", "service")
    try client.expect("range", "drain", "more")
    #expect(try client.expect("range", "get", "more").output.contains("Draining"))
    try client.expect("range", "remove", "more")
    try client.expect("range", "exclude", "10.244.0.0/28", "--note", "a switch")
    #expect(try client.expect("ip", "get", "10.244.0.5").output.contains("excluded"))
    try client.expect("range", "include", "10.244.0.0/28")
    try client.expect("range", "explain", "10.244.0.0/24")
    let would = try client.expect(
      "range", "explain", "--method", "pod.reserve", "--params",
      "{\"node\":\"worker-1\",\"namespace\":\"default\",\"name\":\"x\"}", "-o", "json")
    #expect(would.json?["wouldSucceed"] == true)
  }

  @Test func `reconcile shows first, and releases with yes`() throws {
    let client = try cluster()
    for (name, container) in [("a", "live"), ("b", "dead")] {
      try client.expect("pod", "reserve", name, "--node", "worker-1", "--container-id", container)
    }
    let all = ["pod", "reconcile", "--node", "worker-1", "--older-than", "0", "--live-file", "-"]
    let preview = try client.run(all, input: "live\n")
    #expect(preview.lines.count == 2)
    #expect(preview.errors.contains("1 would be released"), "\(preview.errors)")
    #expect(try client.expect("pod", "list").lines.count == 3)
    let done = try client.run(all + ["--yes"], input: "live\n")
    #expect(done.errors.contains("1 released."), "\(done.errors)")
    #expect(try client.expect("pod", "list").lines.count == 2)
    let again = try client.run(all, input: "live\n")
    #expect(again.errors.contains("is alive"))
  }

  @Test func `the ledger is watched, checked, copied and compacted`() throws {
    let client = try cluster()
    try client.expect("service", "reserve", "a")
    let table = try client.expect("ledger", "watch", "--after", "0", "--count", "2")
    #expect(table.lines.count == 3)
    #expect(table.lines[2].contains("default/a"))
    let events = try client.expect(
      "ledger", "watch", "--after", "0", "--count", "1", "--kind", "Service", "-o", "json")
    #expect(events.json?["object"]?["name"]?.text == "a")
    #expect(try client.expect("ledger", "verify").words.contains("ok: yes"))
    let copy = client.daemon.folder.file("copy.db")
    try client.expect("ledger", "backup", copy)
    let twice = try client("ledger", "backup", copy)
    #expect(twice.status == .exited(73))
    try client.expect("ledger", "compact", "--before", "2", "--yes")
    let gone = try client("ledger", "read")
    #expect(gone.status == .exited(66))
    #expect(gone.errors.contains("ask from revision"), "\(gone.errors)")
  }

  @Test func `the daemon tells of itself, and any method can be called`() throws {
    let client = try cluster()
    #expect(try client.expect("server", "info").output.contains("role:"))
    #expect(try client.expect("server", "stats").output.contains("pods:"))
    #expect(try client.expect("server", "health").output.contains("ok"))
    #expect(try client.expect("server", "ping", "--count", "2").lines.count == 2)
    #expect(
      try client.expect("call", "node.get", "-", input: "{\"name\":\"worker-1\"}").json?["os"]?.text
        == "linux")
    let flow = try client.expect("egress", "classify", "10.244.0.2", "8.8.8.8")
    #expect(flow.words.contains("masquerade: yes"))
    #expect(try client.expect("egress", "render").output.contains("table"))
  }

  @Test func `a watch goes on where it was when the daemon comes back`() throws {
    let client = try cluster()
    let settings = Environment.clean.merging(["IPLEDGER_SOCKET": "unix:\(client.daemon.socketPath)"]
    ) { $1 }
    let watch = try ChildProcess(
      ClientProgram.path, ["ledger", "watch", "--after", "0", "--count", "2", "-o", "json"],
      environment: settings)
    _ = try eventually("the first event") { watch.outputText.contains("worker-1") ? true : nil }
    try client.daemon.stop()
    try watch.waitForErrorLine("connecting again") { $0.contains("after revision 1: connecting") }
    let again = try client.daemon.startAgain()
    try again.client().request("node.register", ["name": "worker-2"])
    #expect(try watch.waitForExit() == .exited(0))
    let names = watch.outputText.split(separator: "\n").map {
      JSON(parsing: String($0))?["object"]?["name"]?.text
    }
    #expect(names == ["worker-1", "worker-2"])
  }
}

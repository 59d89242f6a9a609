import FaultKit
import Foundation
import Testing

@Suite struct ImportTests {
  private static let kubectl = """
    {"apiVersion":"v1","kind":"List","items":[
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"x","uid":"u1"},"spec":{"nodeName":"n"},"status":{"podIP":"10.244.3.9","podIPs":[{"ip":"10.244.3.9"},{"ip":"fd00:10:244:3::9"}]}},
    {"apiVersion":"v1","kind":"Pod","metadata":{"name":"w","namespace":"x"},"spec":{"nodeName":"n"},"status":{}},
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"old","namespace":"x"},"spec":{"clusterIP":"10.96.0.1","ports":[{"port":443}]}},
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"new","namespace":"x"},"spec":{"clusterIP":"fd00:10:96::7","clusterIPs":["fd00:10:96::7","10.96.0.7"],"ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"PreferDualStack","type":"ClusterIP"}},
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"headless","namespace":"x"},"spec":{"clusterIP":"None"}},
    {"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"spec":{"podCIDR":"10.244.3.0/24","podCIDRs":["10.244.3.0/24","fd00:10:244:3::/64"]}}
    ]}
    """

  @Test func `a cluster is shown first, and taken over as it is with yes`() throws {
    let client = try ClientProgram()
    let preview = try client.expect("import", "-", input: Self.kubectl)
    #expect(preview.words.contains("pod/x/a new 10.244.3.9,fd00:10:244:3::9"), "\(preview.output)")
    #expect(preview.errors.contains("5 objects: the same command with --yes imports them"))
    #expect(try client.expect("ledger", "read").output == "")
    let done = try client.expect("import", "-", "--yes", input: Self.kubectl)
    #expect(done.errors == "5 imported, 0 were there already.\n")
    let old = try client.expect("service", "get", "old", "-n", "x", "-o", "json")
    #expect(old.json?["spec"]?["ipFamilyPolicy"]?.text == "SingleStack")
    let headless = try client.expect("service", "get", "headless", "-n", "x", "-o", "json")
    #expect(headless.json?["spec"]?["ipFamilies"] == ["IPv4", "IPv6"])
    let again = try client.expect("import", "-", "--yes", input: Self.kubectl)
    #expect(again.errors == "0 imported, 5 were there already.\n")
  }

  @Test func `one object in the way stops all, and each is named`() throws {
    let client = try ClientProgram()
    try client.expect("service", "reserve", "mine", "--cluster-ip", "10.96.0.1")
    let run = try client("import", "-", "--yes", input: Self.kubectl)
    #expect(run.status == .exited(73))
    #expect(run.output.contains("10.96.0.1 is held by Service default/mine"), "\(run.output)")
    #expect(run.errors.contains("1 of 5 cannot be imported"))
    #expect(try client.expect("node", "list").output == "")
    let twice = try client(
      "import", "-", input: "kind,name,ips\nService,a,10.96.0.9\nService,b,10.96.0.9\n")
    #expect(twice.output.contains("10.96.0.9 is service/default/a's too"), "\(twice.output)")
  }

  @Test func `what host-local keeps is taken over, a pair of addresses for each container`() throws
  {
    let client = try ClientProgram()
    try client.expect(
      "node", "register", "n", "--pod-cidr", "10.244.7.0/24", "--pod-cidr", "fd00:10:244:7::/64")
    let folder = client.daemon.folder.file("cbr0")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("10.244.7.5", "aa11\r\neth0"), ("fd00:10:244:7::5", "aa11\r\neth0"),
      ("10.244.7.6", "bb22"), ("last_reserved_ip.0", "10.244.7.6"), ("lock", ""),
    ] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let without = try client("import", folder)
    #expect(without.status == .exited(64))
    #expect(without.errors.contains("--node"))
    let names = try client.daemon.folder.write(
      "{\"items\":[{\"id\":\"aa11\",\"metadata\":{\"name\":\"web-0\",\"namespace\":\"prod\"}}]}",
      to: "names.json")
    let run = try client("import", folder, "--node", "n", "--names", names, "--yes")
    #expect(run.errors == "2 imported, 0 were there already.\n", "\(run.errors)")
    let pods = try client.expect("pod", "list", "-o", "wide")
    #expect(pods.words.contains("host-local bb22 n 10.244.7.6,fd00:10:244:7::"), "\(pods.output)")
    #expect(pods.words.contains("prod web-0 n 10.244.7.5,fd00:10:244:7::5 aa11"))
  }

  @Test func `a node that registered itself is no obstacle, one with other blocks is`() throws {
    let client = try ClientProgram()
    try client.expect("node", "register", "n")
    let same = "kind,name,ips\nNode,n,10.244.0.0/24 fd00:10:244::/64\nService,a,10.96.0.9\n"
    #expect(try client.expect("import", "-", "--yes", input: same).errors.hasPrefix("1 imported"))
    let other = try client("import", "-", "--yes", input: "kind,name,ips\nNode,n,10.244.9.0/24\n")
    #expect(other.status == .exited(73))
    #expect(other.output.contains("the node has 10.244.0.0/24,fd00:10:244::/64"))
  }

  @Test(arguments: ["json", "csv"]) func `what is exported is imported elsewhere`(
    _ format: String
  ) throws {
    let client = try ClientProgram()
    try client.expect("import", "-", "--yes", input: Self.kubectl)
    let all = try client.expect("export", "--format", format)
    let other = try ClientProgram()
    let run = try other.expect("import", "-", "--yes", input: all.output)
    #expect(run.errors == "5 imported, 0 were there already.\n")
    let there = try other.expect("export", "--format", "csv")
    let here = try client.expect("export", "--format", "csv")
    #expect(there.output == here.output)
  }

  @Test func `more than fits into one transaction is still all or nothing`() throws {
    let client = try ClientProgram(.dual.with { $0.yaml = "limits: {batch: 10}" })
    let rows = (1...25).map { "Service,s\($0),10.96.1.\($0)" }
    let bad = (["kind,name,ips"] + rows + ["Pod,p,10.244.9.9"]).joined(separator: "\n")
    let run = try client("import", "-", "--yes", input: bad)
    #expect(run.status == .exited(65), "\(run.errors)")
    #expect(run.errors.contains("pod/default/p: InvalidParams"))
    #expect(run.errors.contains("nothing was imported"))
    #expect(try client.expect("service", "list").output == "")
    let good = (["kind,name,ips"] + rows).joined(separator: "\n")
    #expect(try client.expect("import", "-", "--yes", input: good).errors.hasPrefix("25 imported"))
  }

  @Test(arguments: [
    ("kind,nam\nPod,x\n", "unknown nam"), ("kind,name\nPod\n", "line 2 has 1 cells"),
    ("kind,name\nPot,x\n", "kind 'Pot'"), ("{\"a\":", "no JSON"), ("{\"a\":1}", "no kind"),
    ("{\"kind\":\"List\",\"items\":[]}", "holds no node"),
  ])
  func `a source that is wrong says where`(_ text: String, _ what: String) throws {
    let client = try ClientProgram()
    let run = try client("import", "-", input: text)
    #expect(run.status == .exited(65))
    #expect(run.errors.contains(what), "\(run.errors)")
  }

  @Test func `what the cluster has no more is collected, and only with yes`() throws {
    let client = try ClientProgram()
    try client.expect("import", "-", "--yes", input: Self.kubectl)
    try client.expect("pod", "reserve", "gone", "-n", "x", "--node", "n")
    let collect = ["gc", "-f", "-", "--older-than", "0"]
    let preview = try client.run(collect, input: Self.kubectl)
    #expect(preview.words.contains("x gone n"), "\(preview.output)")
    #expect(preview.errors.contains("1 would be released"))
    let done = try client.run(collect + ["--yes"], input: Self.kubectl)
    #expect(done.errors.contains("1 released."), "\(done.errors)")
    #expect(try client.expect("pod", "list").lines.count == 2)
    let empty = try client.run(collect, input: "{\"kind\":\"List\",\"items\":[]}")
    #expect(empty.status == .exited(65))
  }

  @Test func `what is gone is collected from every network, or from one`() throws {
    let client = try ClientProgram(
      .dual.with { $0.flags = ["--pools", "storage=10.50.0.0/20 fd00:50::/64"] })
    try client.expect("import", "-", "--yes", input: Self.kubectl)
    for network in ["default", "storage"] {
      try client.expect("pod", "reserve", "gone", "--node", "n", "--network", network)
    }
    let collect = ["gc", "-f", "-", "--older-than", "0"]
    let one = try client.run(collect + ["--network", "storage"], input: Self.kubectl)
    #expect(one.errors.contains("1 would be released"), "\(one.errors)")
    #expect(one.output.contains("10.50.0.2"), "\(one.output)")
    let all = try client.run(collect + ["--yes"], input: Self.kubectl)
    #expect(all.errors.contains("2 released."), "\(all.errors)")
    #expect(!(try client.expect("pod", "list").output.contains("gone")))
  }

  @Test func `more pods than a line of the protocol holds are judged all the same`() throws {
    let client = try ClientProgram(.dual.with { $0.yaml = "limits: {lineBytes: 1024}" })
    try client.expect("node", "register", "n")
    for name in ["p1", "p30", "gone", "lost"] {
      try client.expect("pod", "reserve", name, "--node", "n", "--container-id", "c-\(name)")
    }
    let pods = (1...30).map {
      #"{"kind":"Pod","metadata":{"name":"p\#($0)","uid":"u\#($0)"},"spec":{"nodeName":"n"}}"#
    }
    let list = #"{"kind":"List","items":[\#(pods.joined(separator: ","))]}"#
    let collect = ["gc", "-f", "-", "--older-than", "0"]
    let preview = try client.run(collect, input: list)
    #expect(preview.errors.contains("2 would be released"), "\(preview.errors)")
    let containers = (1...300).map { "c-p\($0)" }.joined(separator: "\n")
    let reconcile = ["pod", "reconcile", "--node", "n", "--live-file", "-", "--older-than", "0"]
    let same = try client.run(reconcile, input: containers + "\nc-lost\n")
    #expect(same.words.contains("default gone n"), "\(same.output)")
    #expect(same.errors.contains("1 would be released"))
    let done = try client.run(collect + ["--yes"], input: list)
    #expect(done.errors.contains("2 released."), "\(done.errors)")
    let left = try client.expect("pod", "list", "-o", "json")
    #expect(left.json?["items"]?.list?.map { $0["name"]?.text } == ["p1", "p30"])
  }
}

import FaultKit
import Foundation
import Testing

@Suite struct ManifestTests {
  private static let cluster = """
    # The node comes last here, and is needed first.
    apiVersion: v1
    kind: Pod
    metadata:
      name: web-0
    spec:
      nodeName: worker-1
      containers:
      - name: web
        image: "nginx:1.27"
        args: ['0777', "yes", plain]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      replicas: 3
    ---
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: Service
      metadata:
        name: web
        namespace: prod
      spec:
        ports:
        - port: 80
    - apiVersion: v1
      kind: Node
      metadata:
        name: worker-1
      status:
        addresses:
        - type: Hostname
          address: worker-1
        - type: InternalIP
          address: 192.0.2.10

    """

  @Test func `many kinds and documents are one transaction, and come back in their order`() throws {
    let client = try ClientProgram()
    let run = try client.expect("apply", "-f", "-", input: Self.cluster)
    let kinds = run.output.split(separator: "\n").filter { $0.contains("kind: ") }
      .map { $0.split(separator: " ").last.map { String($0) } ?? "" }
    #expect(kinds == ["Pod", "Deployment", "List", "Service", "Node"])
    #expect(
      run.output.contains("  podIPs:\n  - ip: 10.244.0.2\n  - ip: fd00:10:244::2\n"),
      "\(run.output)")
    let scalars = "    args:\n    - '0777'\n    - \"yes\"\n    - plain\n"
    #expect(run.output.contains(scalars), "\(run.output)")
    #expect(run.output.contains("image: \"nginx:1.27\""))
    #expect(run.output.contains("podCIDR: 10.244.0.0/24"))
    #expect(run.errors.contains("deployment/web has no addresses"))
    let again = try client.expect("apply", "-f", "-", input: run.output)
    #expect(again.output == run.output)
    #expect(try client.expect("ledger", "read").lines.count == 4)
    let deleted = try client.expect("delete", "-f", "-", input: run.output)
    #expect(
      deleted.words.contains("pod/default/web-0 released 10.244.0.2,fd00:10:244::2"),
      "\(deleted.output)")
    #expect(try client.expect("node", "list").output == "")
    try client.expect("delete", "-f", "-", input: run.output)
  }

  @Test func `one refusal undoes all, and is named for its object`() throws {
    let client = try ClientProgram()
    let bad = Self.cluster.replacing("ports:", with: "clusterIP: 10.97.0.1\n    ports:")
    let run = try client("apply", "-f", "-", input: bad)
    #expect(run.status == .exited(73))
    #expect(run.output == "")
    #expect(run.errors.contains("service/prod/web: OutOfRange"), "\(run.errors)")
    #expect(run.errors.contains("nothing was changed"))
    #expect(try client.expect("ledger", "read").output == "")
  }

  @Test func `a rehearsal prints the addresses of Services, and what is held already`() throws {
    let client = try ClientProgram()
    try client.expect("apply", "-f", "-", input: Self.cluster)
    let cluster = Self.cluster.replacing("name: web\n", with: "name: other\n")
    let run = try client.expect("apply", "-f", "-", "--dry-run", input: cluster)
    #expect(run.output.contains("clusterIPs:"))
    #expect(run.errors.contains("service/prod/other reserved (dry run) 10.96."), "\(run.errors)")
    #expect(run.errors.contains("pod/default/web-0 unchanged 10.244.0.2,fd00:10:244::2"))
    #expect(run.output.contains("  podIPs:\n  - ip: 10.244.0.2\n  - ip: fd00:10:244::2\n"))
    #expect(run.errors.contains("node/worker-1 unchanged 10.244.0.0/24,fd00:10:244::/64"))
    #expect(try client.expect("ledger", "read").lines.count == 4)
  }

  @Test func `a rehearsal says of pods and nodes what it cannot fill in`() throws {
    let client = try ClientProgram()
    let none = try client.expect("apply", "-f", "-", "--dry-run", input: Self.cluster)
    #expect(
      none.errors.contains(
        "node/worker-1 would be registered (dry run): its blocks are chosen then, and not filled"),
      "\(none.errors)")
    #expect(
      none.errors.contains(
        "pod/default/web-0 would be reserved (dry run) if there is room on its node, which these"))
    #expect(!none.output.contains("podIP"))
    #expect(try client.expect("ledger", "read").output == "")
    try client.expect("node", "register", "worker-1")
    let new = try client.expect("apply", "-f", "-", "--dry-run", input: Self.cluster)
    #expect(
      new.errors.contains(
        "pod/default/web-0 would be reserved (dry run): its addresses are chosen then, and not"),
      "\(new.errors)")
    let lost = Self.cluster.replacing("nodeName: worker-1", with: "nodeName: worker-9")
    let fails = try client("apply", "-f", "-", "--dry-run", input: lost)
    #expect(fails.status == .exited(66))
    #expect(fails.errors.contains("pod/default/web-0 would fail (dry run): no node worker-9"))
    let explicit =
      "kind: Node\nmetadata: {name: w2}\nspec: {podCIDRs: [10.244.9.0/24, fd00:10:244:9::/64]}\n"
    let asked = try client.expect("apply", "-f", "-", "--dry-run", input: explicit)
    #expect(
      asked.errors.contains(
        "would be registered (dry run): with what it asks for 10.244.9.0/24,fd00:10:244:9::/64"),
      "\(asked.errors)")
    #expect(try client.expect("ledger", "read").lines.count == 2)
  }

  @Test func `what a cluster has is taken over with the addresses it has`() throws {
    let client = try ClientProgram()
    let list = """
      {"apiVersion":"v1","kind":"List","items":[
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"x","uid":"u1"},"spec":{"nodeName":"n"},"status":{"podIP":"10.244.3.9","podIPs":[{"ip":"10.244.3.9"},{"ip":"fd00:10:244:3::9"}]}},
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"h","namespace":"x"},"spec":{"nodeName":"n","hostNetwork":true},"status":{"podIP":"192.0.2.10"}},
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"w","namespace":"x"},"spec":{}},
      {"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"x"},"spec":{"clusterIP":"10.96.0.1","ports":[{"port":443}]}},
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"n"},"spec":{"podCIDR":"10.244.3.0/24","podCIDRs":["10.244.3.0/24","fd00:10:244:3::/64"]}}
      ]}
      """
    let run = try client.expect("apply", "-f", "-", "--adopt", "-o", "table", input: list)
    #expect(run.words.contains("pod/x/a reserved 10.244.3.9,fd00:10:244:3::9"), "\(run.output)")
    #expect(run.words.contains("service/x/s adopted 10.96.0.1"))
    #expect(run.words.contains("node/n registered 10.244.3.0/24,fd00:10:244:3::/64"))
    #expect(run.words.contains("pod/x/h skipped: it has the addresses of its node"))
    #expect(run.words.contains("pod/x/w skipped: it is on no node yet"))
  }

  @Test func `a folder's manifests are one transaction in the order of their names`() throws {
    let client = try ClientProgram()
    let folder = client.daemon.folder.file("m")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("b.json", #"{"kind":"Service","metadata":{"name":"b"},"spec":{}}"#),
      ("a.yaml", "kind: Service\nmetadata: {name: a}\nspec: {}\n"), ("notes.txt", "not: [ours"),
    ] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let run = try client.expect("apply", "-f", folder, "-o", "table")
    #expect(
      run.lines.map { $0.prefix(17) } == [
        "OBJECT           ", "service/default/a", "service/default/b",
      ])
    try "kind: Service\nmetadata: {}\n".write(
      toFile: "\(folder)/c.yml", atomically: true, encoding: .utf8)
    let wrong = try client("apply", "-f", folder)
    #expect(wrong.errors.contains("\(folder)/c.yml: metadata.name"), "\(wrong.errors)")
  }

  @Test(arguments: [
    ("", "no object", "-f"), ("a: [", "not YAML", "correct"), ("- a", "no object", "kind"),
    ("apiVersion: v1\nmetadata: {name: x}", "no kind", "kind"),
    ("kind: Service\nmetadata: {generateName: x-}", "metadata.name", "generateName"),
    ("kind: Service\nmetadata: {name: x}\nspec: {selector: {a: 1}}", "spec.selector", "--help"),
    ("kind: Service\nmetadata: {name: x}\nspec: {clusterIPs: 7}", "spec.clusterIPs", "--help"),
    ("kind: Service\nmetadata: {name: x}\nspec: {prots: []}", "spec.prots", "--help"),
  ])
  func `a manifest that is wrong says where and what would be right`(
    _ manifest: String, _ what: String, _ next: String
  ) throws {
    let client = try ClientProgram()
    let run = try client("apply", "-f", "-", input: manifest)
    #expect(run.status == .exited(65), "\(run.errors)")
    #expect(run.errors.contains(what), "\(run.errors)")
    #expect(run.errors.contains(next), "\(run.errors)")
  }

  @Test func `taking over that fails half-way says what is done, what is not, and what to do`()
    throws
  {
    let client = try ClientProgram()
    let list = ["a": 10, "b": 10, "c": 12].sorted { $0.key < $1.key }.map { name, last in
      "kind: Service\nmetadata: {name: \(name)}\nspec: {clusterIP: 10.96.0.\(last)}\n"
    }
    let run = try client("apply", "-f", "-", "--adopt", input: list.joined(separator: "---\n"))
    #expect(run.status == .exited(73))
    let told = run.errors.split(separator: "\n").map { String($0) }
    #expect(told.contains("  service/default/a adopted 10.96.0.10"), "\(run.errors)")
    #expect(told.contains("  not adopted: service/default/b"), "\(run.errors)")
    #expect(told.contains("  not adopted: service/default/c"), "\(run.errors)")
    #expect(told.last?.hasPrefix("Next: ") == true, "\(run.errors)")
    let end = "; then the same command again: what is done stays as it is"
    #expect(told.last?.hasSuffix(end) == true, "\(run.errors)")
    let mended = [list[0], list[2]].joined(separator: "---\n")
    let again = try client.expect("apply", "-f", "-", "--adopt", "-o", "table", input: mended)
    #expect(again.words.contains("service/default/a unchanged 10.96.0.10"), "\(again.output)")
    #expect(again.words.contains("service/default/c adopted 10.96.0.12"), "\(again.output)")
  }

  @Test func `what held nothing is not called released`() throws {
    let client = try ClientProgram()
    let service = "kind: Service\nmetadata: {name: a}\nspec: {clusterIP: 10.96.0.10}\n"
    try client.expect("apply", "-f", "-", input: service)
    let first = try client.expect("delete", "-f", "-", input: service)
    #expect(first.words.contains("service/default/a released 10.96.0.10"), "\(first.output)")
    let second = try client.expect("delete", "-f", "-", input: service)
    #expect(second.words.contains("service/default/a held nothing"), "\(second.output)")
  }
}

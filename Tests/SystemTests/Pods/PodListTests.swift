import FaultKit
import Testing

/// Looking at pods: one by one, and in pages.
@Suite(.ownThreads) struct PodListTests {
  @Test func `a pod is found by its key and by each of its addresses`() throws {
    let bench = try PodBench()
    let more: JSON = ["containerID": "c", "uid": "u", "labels": ["a": "b"]]
    let held = try bench.reserve("p", more)
    let byKey = try bench.client.request(
      "pod.get", PodBench.key("p").with("containerID", "c"))
    let expected: [String: JSON?] = [
      "node": "w", "namespace": "d", "name": "p", "uid": "u", "containerID": "c",
      "interface": "eth0", "network": "default", "podIP": "10.244.0.2",
      "podIPs": ["10.244.0.2", "fd00:10:244::2"], "ipFamilies": ["IPv4", "IPv6"],
      "labels": ["a": "b"], "revision": held.result?["revision"],
      "reservedAt": byKey.result?["reservedAt"],
    ]
    #expect(byKey.result?.members == expected.compactMapValues { $0 }, "\(byKey)")
    for address in ["10.244.0.2", "FD00:10:244:0:0:0:0:2"] {
      let found = try bench.client.request("pod.get", ["ip": .string(address)])
      #expect(found.result == byKey.result, "\(found)")
    }
    for params: JSON in [
      PodBench.key("p"), PodBench.key("q"), ["ip": "10.244.0.3"], ["ip": "192.0.2.1"],
    ] {
      let missing = try bench.client.request("pod.get", params)
      #expect(missing.code == -32004, "\(params): \(missing)")
    }
    let mixed = try bench.client.request("pod.get", ["ip": "10.244.0.2", "name": "p"])
    #expect(mixed.causes == ["name Forbidden"], "\(mixed)")
  }

  @Test func `filters narrow a list and all of them must match`() throws {
    let bench = try PodBench(.dual, nodes: ["w": [], "x": []])
    for number in 0..<12 {
      let more: JSON = [
        "node": number % 2 == 0 ? "w" : "x", "namespace": number < 6 ? "a" : "b",
        "labels": ["third": "\(number % 3)", "all": "yes"],
      ]
      _ = try bench.reserve("p\(number)", more)
    }
    let rows: [(JSON, Set<Int>)] = [
      ([:], Set(0..<12)), (["node": "w"], [0, 2, 4, 6, 8, 10]),
      (["namespace": "b"], Set(6..<12)), (["labels": ["third": "1"]], [1, 4, 7, 10]),
      (["labels": ["third": "1", "all": "yes"], "node": "x"], [1, 7]),
      (["labels": ["third": "1", "all": "no"]], []), (["labels": [:]], Set(0..<12)),
      (["node": "w", "namespace": "a"], [0, 2, 4]), (["network": "default"], Set(0..<12)),
      (["network": "other"], []), (["node": "nowhere"], []),
    ]
    for (params, numbers) in rows {
      let items = try bench.client.all("pod.list", params, limit: 2)
      let names = items.compactMap { $0["name"]?.text }
      #expect(names.count == numbers.count, "\(params): \(names)")
      #expect(Set(names) == Set(numbers.map { "p\($0)" }), "\(params)")
    }
  }

  @Test func `pages are in the order of the keys and stand changes in between`() throws {
    let bench = try PodBench()
    for number in 0..<40 {
      let name = "p" + String(100 + (number * 7) % 40)
      _ = try bench.reserve(name)
    }
    let first = try bench.client.request("pod.list", ["limit": 15])
    let names = (first.result?["items"]?.list ?? []).compactMap { $0["name"]?.text }
    #expect(names == (100..<115).map { "p\($0)" })
    _ = try bench.reserve("p000")
    try bench.release("p114")
    try bench.release("p115")
    _ = try bench.reserve("p999")
    var rest: [String] = []
    var next = first.result?["continue"]
    while let page = next {
      let answer = try bench.client.request("pod.list", ["limit": 15, "continue": page])
      rest += (answer.result?["items"]?.list ?? []).compactMap { $0["name"]?.text }
      next = answer.result?["continue"]
    }
    #expect(rest == (116..<140).map { "p\($0)" } + ["p999"])
  }

  @Test func `the last page has no continuation`() throws {
    let bench = try PodBench()
    for number in 0..<4 { _ = try bench.reserve("p\(number)") }
    let exact = try bench.client.request("pod.list", ["limit": 4])
    #expect(exact.result?["items"]?.list?.count == 4)
    #expect(exact.result?["continue"] == nil, "\(exact)")
    #expect(exact.revision == (try bench.newestRevision()))
  }

  @Test func `limits and continuations are checked`() throws {
    let bench = try PodBench()
    for limit: JSON in [0, -1, 1001, "5", .number("1.5")] {
      let answer = try bench.client.request("pod.list", ["limit": limit])
      #expect(answer.causes == ["limit Invalid"], "\(answer)")
    }
    for page: JSON in ["nonsense", "😀", 5] {
      let answer = try bench.client.request("pod.list", ["continue": page])
      #expect(answer.causes == ["continue Invalid"], "\(page): \(answer)")
    }
  }
}

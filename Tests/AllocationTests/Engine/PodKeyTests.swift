import Addressing
import Testing

@testable import Allocation

/// The owner key's fourth member is a containerID, or else a uid, or else nothing.
@Suite struct PodKeyTests {
  @Test(arguments: [
    (PodRequest(uid: "a"), PodRequest(containerID: "a", labels: ["k": "v"])),
    (PodRequest(containerID: "a"), PodRequest(uid: "a", labels: ["k": "v"])),
    (PodRequest(uid: "b", containerID: "a"), PodRequest(uid: "a", labels: ["k": "v"])),
  ])
  func `a uid that spells another pod's containerID is another request`(
    _ first: PodRequest, _ second: PodRequest
  ) throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.reserve(first)
    var batch = bench.emptyBatch()
    #expect(throws: Refusal.self) { try bench.reserve(second, into: &batch) }
    #expect(batch.count == 0)
  }

  @Test func `a reservation whose key was used by containerID and by uid can be released`() async {
    await #expect(processExitsWith: .success) {
      let bench = Bench()
      try bench.register("n0")
      try bench.reserve(PodRequest(uid: "a"))
      _ = try? bench.reserve(PodRequest(containerID: "a", labels: ["k": "v"]))
      try bench.release(PodRequest(uid: "a"))
    }
  }

  @Test func `a container's interfaces are found by node and containerID`() throws {
    let bench = Bench()
    try bench.register("n0")
    try bench.register("n1")
    for request in [
      PodRequest(containerID: "c"), PodRequest(containerID: "c", interface: "net1"),
      PodRequest(name: "p1", containerID: "d"), PodRequest(name: "p2", uid: "c"),
      PodRequest(node: "n1", name: "p3", containerID: "c"),
    ] {
      try bench.reserve(request)
    }
    var batch = bench.emptyBatch()
    try bench.release(
      .container(node: Array("n0".utf8), containerID: Array("c".utf8)), into: &batch)
    #expect(batch.count == 2)
    try bench.commit(&batch)
    #expect(bench.engine.objectCounts.pods == 3)
    #expect(bench.get(PodRequest(name: "p2", uid: "c")) != nil)
  }
}

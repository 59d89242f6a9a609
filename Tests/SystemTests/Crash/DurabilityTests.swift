import FaultKit
import Testing

/// No answer and no read shows a change before the disk has it: seen by making the disk slow.
@Suite(.ownThreads, .enabled(if: Environment.isRoot)) struct DurabilityTests {
  private static let delay = 0.4

  private static func slow(_ daemon: DaemonProcess) throws -> Tracer {
    try Tracer(daemon, Tracer.syncs, "delay_enter=\(Int(delay * 1e6))")
  }

  private static func seconds(since start: UInt64) -> Double {
    Double(Deadline.now - start) / 1e9
  }

  @Test func `nothing is shown before it is durable`() throws {
    let bench = try PodBench()
    let other = try bench.daemon.client()
    let tracer = try Self.slow(bench.daemon)
    // Many at once: they are committed beside the connections, which could show them.
    let lines = (0..<20).map { number in
      let pod = PodBench.key("p\(number)").with("node", "w")
      return LineClient.request("pod.reserve", pod, id: .int(number)).line + "\n"
    }
    let start = Deadline.now
    try bench.client.send(bytes: Array(lines.joined().utf8))
    let seen = try eventually("a pod to be seen") {
      let item = try other.request("pod.list").result?["items"]?[0]
      return item.map { _ in Self.seconds(since: start) }
    }
    let first = try bench.client.readJSON()
    let answered = Self.seconds(since: start)
    withExtendedLifetime(tracer) {}
    #expect(seen >= Self.delay, "a read showed it after \(seen) s")
    #expect(answered >= Self.delay, "it was answered after \(answered) s")
    #expect(first["result"] != nil, "\(first)")
  }

  @Test func `a release is not over before it is durable`() throws {
    let bench = try PodBench.small(30, quarantineSeconds: 0)
    _ = try bench.reserve("p")
    let other = try bench.daemon.client()
    let tracer = try Self.slow(bench.daemon)
    let start = Deadline.now
    let id = try bench.client.begin("pod.release", PodBench.key("p"))
    let taken = try eventually("the address to be free") {
      let request = PodBench.key("q").with("node", "w")
      let answer = try other.request("pod.reserve", request)
      return answer.result.map { ($0, Self.seconds(since: start)) }
    }
    let released = try bench.client.answer(to: id)
    withExtendedLifetime(tracer) {}
    #expect(released.result?["released"] == ["10.20.0.2"], "\(released)")
    // Two commits: the release, and the reserve that it made possible.
    #expect(taken.1 >= 2 * Self.delay, "it was handed out after \(taken.1) s")
  }
}

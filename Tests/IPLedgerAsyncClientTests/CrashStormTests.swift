import FaultKit
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// A daemon that crashes again and again, under clients that do not care.
@Suite struct CrashStormTests {
  private static let limit = Duration.seconds(60)
  private static let workers = 20
  private static let rounds = 10

  private static func options() -> ClientOptions {
    var options = ClientOptions()
    options.backoff.longest = .milliseconds(100)
    return options
  }

  /// Reserves, repeats and releases pods; the last one of each worker stays.
  private static func work(_ worker: Int, _ client: AsyncClient) async throws -> PodReservation? {
    var kept: PodReservation?
    for round in 0..<rounds {
      let key = PodKey(namespace: "w\(worker)", name: "p\(round)")
      let request = PodRequest(node: "n", key)
      let pod = try await client.reservePod(request, within: limit)
      let again = try await client.reservePod(request, within: limit)
      #expect(again.existing && again.podIPs == pod.podIPs)
      kept = pod
      guard round < rounds - 1 else { break }
      _ = try await client.releasePod(key, ifRevision: pod.revision, within: limit)
      #expect(try await client.releasePod(key, within: limit).released == [])
    }
    return kept
  }

  @Test func `calls succeed and events follow each other through five crashes`() async throws {
    var daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath), Self.options())
    _ = try await client.registerNode("n", within: Self.limit)
    let watch = Task {
      var revisions: [Int64] = []
      for try await event in client.watch(after: 0) {
        revisions.append(event.revision)
        if event.kind == "Node", event.object["name"] == "last" { break }
      }
      return revisions
    }
    async let kept = withThrowingTaskGroup(of: PodReservation?.self) { group in
      for worker in 0..<Self.workers {
        group.addTask { try await Self.work(worker, client) }
      }
      return try await group.reduce(into: [PodReservation]()) { all, pod in
        if let pod { all.append(pod) }
      }
    }
    for _ in 0..<5 {
      // So far that the next crash meets calls again.
      _ = try await client.call("server.info", within: Self.limit)
      try await daemon.killed()
      daemon = try await daemon.startedAgain()
    }
    let pods = try await kept
    #expect(Set(pods.flatMap(\.podIPs)).count == Self.workers * 2, "no address has two owners")
    #expect(try await client.pods(within: Self.limit).count == Self.workers)

    let last = try await client.registerNode("last", within: Self.limit)
    #expect(try await watch.value == Array(1...last.revision), "no gap and no repeat")
  }
}

import FaultKit
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// The client while the daemon's disk is slow or broken.
@Suite struct SlowDiskTests {
  private static let limit = Duration.seconds(30)

  private func client(_ daemon: DaemonProcess) throws -> AsyncClient {
    var options = ClientOptions()
    options.backoff.longest = .milliseconds(100)
    return try AsyncClient(to: .unix(path: daemon.socketPath), options)
  }

  private func request(_ number: Int) -> PodRequest {
    PodRequest(node: "n", namespace: "default", name: "web-\(number)")
  }

  @Test func `a slow change holds up no read`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.registerNode("n", within: Self.limit)
    let tracer = try await daemon.traced("delay_enter=300000")
    let clock = ContinuousClock()
    let start = clock.now
    async let pods = withThrowingTaskGroup(of: PodReservation.self) { group in
      for number in 0..<50 {
        group.addTask { [self] in
          try await client.reservePod(request(number), within: Self.limit)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for _ in 0..<20 { _ = try await client.call("server.ping", within: Self.limit) }
    let pings = clock.now - start
    #expect(try await pods.count == 50)
    let all = clock.now - start
    #expect(all >= .milliseconds(300))
    #expect(pings < all, "the reads were answered before the changes")
    withExtendedLifetime(tracer) {}
  }

  @Test func `an unknown outcome is asked for again when the daemon is back`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    _ = try await client.registerNode("n", within: Self.limit)
    let tracer = try await daemon.traced("error=EIO")
    async let pod = client.reservePod(request(1), within: Self.limit)
    #expect(try await daemon.ended() == .exited(74))
    withExtendedLifetime(tracer) {}
    let second = try await daemon.startedAgain()
    #expect(try await pod.podIPs == ["10.244.0.2", "fd00:10:244::2"])
    withExtendedLifetime(second) {}
  }

  @Test func `what may not be done twice says that nobody knows`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try client(daemon)
    let tracer = try await daemon.traced("error=EIO")
    let error = await #expect(throws: ClientError.self) {
      try await client.call(
        "range.add", ["name": "more", "purpose": "pool", "cidr": "10.60.0.0/24"],
        within: Self.limit)
    }
    switch error {
    case .refused(let refusal): #expect(refusal.reason == "OutcomeUnknown")
    case .connectionLost: break
    default: Issue.record("\(String(describing: error))")
    }
    withExtendedLifetime(tracer) {}
  }
}

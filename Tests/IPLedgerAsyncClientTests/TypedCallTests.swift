import FaultKit
import IPLedgerAsyncClient
import IPLedgerClient
import Testing

/// The calls that have types of their own, against a real daemon.
@Suite struct TypedCallTests {
  private static let limit = Duration.seconds(30)

  @Test func `a pod's life`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath))
    let node = try await client.registerNode("n", nodeIPs: ["192.0.2.10"], within: Self.limit)
    #expect(node.podCIDRs == ["10.244.0.0/24", "fd00:10:244::/64"])
    #expect(node.nodeIPs == ["192.0.2.10"])

    var request = PodRequest(node: "n", namespace: "default", name: "web-0", containerID: "c1")
    request.labels = ["app": "web"]
    request.ttlSeconds = 3_600
    let pod = try await client.reservePod(request, within: Self.limit)
    #expect(pod.podIPs == ["10.244.0.2", "fd00:10:244::2"])
    #expect(pod.prefixLengths == [24, 64])
    #expect(pod.gateways == ["10.244.0.1", "fd00:10:244::1"])
    #expect(try await client.reservePod(request, within: Self.limit).existing)

    let state = try await client.address("fd00:10:244::2", within: Self.limit)
    #expect(state.state == "reserved")
    #expect(state.owner?["name"] == "web-0")
    #expect(try await client.pods(node: "n", within: Self.limit).count == 1)

    let release = try await client.releasePod(
      request.key, ifRevision: pod.revision, within: Self.limit)
    #expect(release.released == pod.podIPs)
    #expect(try await client.releasePod(request.key, within: Self.limit).released == [])
    let past = try await client.address(
      "10.244.0.2", atRevision: pod.revision, within: Self.limit)
    #expect(past.owner?["containerID"] == "c1")
    #expect(try await client.releaseNode("n", within: Self.limit).released == node.podCIDRs)
  }

  @Test func `a Service's life`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath))
    let spec: IPLedgerClient.JSON = [
      "type": "ClusterIP", "selector": ["app": "web"], "ipFamilyPolicy": "RequireDualStack",
    ]
    let dry = try await client.reserveService(
      namespace: "default", name: "web", spec: spec, isDryRun: true, within: Self.limit)
    #expect(dry.clusterIPs.count == 2)
    let service = try await client.reserveService(
      namespace: "default", name: "web", spec: spec, within: Self.limit)
    #expect(service.clusterIPs.count == 2)
    #expect(!service.existing)
    let single: IPLedgerClient.JSON = [
      "type": "ClusterIP", "selector": ["app": "web"], "ipFamilyPolicy": "SingleStack",
    ]
    let update = try await client.updateService(
      namespace: "default", name: "web", spec: single, ifRevision: service.revision,
      within: Self.limit)
    #expect(update.clusterIPs == Array(service.clusterIPs.prefix(1)))
    #expect(update.released == Array(service.clusterIPs.suffix(1)))
    let release = try await client.releaseService(
      namespace: "default", name: "web", within: Self.limit)
    #expect(release.released == update.clusterIPs)
  }

  @Test func `lists are read to their end`() async throws {
    let daemon = try await DaemonProcess.started()
    let client = try AsyncClient(to: .unix(path: daemon.socketPath))
    for number in 1...10 { _ = try await client.registerNode("n\(number)", within: Self.limit) }
    let pages = try await client.all("node.list", ["limit": 3], within: Self.limit)
    #expect(pages.compactMap { $0["name"]?.string }.count == 10)
    #expect(try await client.all("node.list", within: Self.limit) == pages)
  }
}

import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import SQLiteLedger
import Transport

extension LoopDispatcher {
  func ping(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    request.reply.write(PingResult())
  }

  func discover(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    request.reply.write(DiscoverResult(document: context.document))
  }

  func info(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    let cluster = engine.configuration
    let clusterCIDRs = engine.clusterCIDRs
    let families = Set(clusterCIDRs.map(\.family))
    request.reply.write(
      ServerInfoResult(
        version: Daemon.version, serviceClusterIPRanges: engine.serviceRanges.map(\.cidr),
        clusterCIDRs: clusterCIDRs,
        nodeCIDRMaskSizeIPv4: families.contains(.ipv4) ? cluster.nodePrefixLengthIPv4 : nil,
        nodeCIDRMaskSizeIPv6: families.contains(.ipv6) ? cluster.nodePrefixLengthIPv6 : nil,
        limits: limits,
        connectionLimits: ConnectionLimitFields(context.configuration.connections),
        role: request.caller.access.role, revision: engine.revision,
        uptimeSeconds: context.uptimeSeconds))
  }

  func health(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    let isWritable = engine.isWritable
    request.reply.write(
      ServerHealthResult(
        live: true, ready: isWritable, ledger: isWritable ? .ok : .readOnly,
        revision: engine.revision))
  }

  func stats(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    let counters = context.counters
    let commits = context.commits
    let disk = context.ledger.statistics
    let objects = engine.objectCounts
    request.reply.write(
      ServerStatsResult(
        uptimeSeconds: context.uptimeSeconds,
        connections: .init(
          open: UInt64(counters?.open ?? 0), total: UInt64(counters?.total ?? 0),
          paused: UInt64(counters?.paused ?? 0), held: UInt64(counters?.held ?? 0)),
        requests: context.requests.methods.filter { $0.counts.count > 0 }.map {
          .init(method: $0.method, count: $0.counts.count, errors: $0.counts.errors)
        },
        latency: context.requests.latency.map { quantiles($0) },
        commits: .init(
          count: commits.commits, records: commits.records, failures: commits.failures,
          fsync: commits.quantiles.map { quantiles($0) }),
        ledger: .init(
          revision: engine.revision, bytes: disk.ledgerBytes, walBytes: disk.logBytes),
        objects: .init(
          pods: UInt64(objects.pods), services: UInt64(objects.services),
          nodes: UInt64(objects.nodes))))
  }

  private func quantiles(_ values: LatencyQuantiles) -> ServerStatsResult.Quantiles {
    .init(p50: values.p50, p90: values.p90, p99: values.p99, max: values.max)
  }
}

extension ConnectionLimitFields {
  fileprivate init(_ limits: ConnectionLimits) {
    self.init(
      perPeer: limits.perPeer == 0 ? nil : limits.perPeer, inFlight: limits.inFlight,
      lineSeconds: limits.lineSeconds, writeSeconds: limits.writeSeconds,
      idleSeconds: limits.idleSeconds == 0 ? nil : limits.idleSeconds)
  }
}

import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import Policy
import Transport

extension LoopDispatcher {
  func classifyEgress(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(EgressClassifyParams.self, request, line)
    let verdict = egressPolicy().classify(source: params.source, destination: params.destination)
    request.reply.write(
      EgressClassifyResult(masquerade: verdict.masquerade, because: verdict.because))
  }

  func renderEgress(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(EgressRenderParams.self, request, line)
    var sources: [CIDR]?
    if let node = params.node {
      guard let found = engine.get(.node, key: Array(node.utf8)) else {
        let cause = Cause("node", .invalid, "no node \(node) is registered")
        throw .notFound(cause.message, causes: [cause])
      }
      sources = NodeObject(found.object).podCIDRs
    }
    let text =
      switch params.format {
      case .nftables: egressPolicy().nftables(sources: sources)
      case .ipMasqAgent: egressPolicy().ipMasqAgent()
      }
    request.reply.write(EgressRenderResult(text: text))
  }

  /// The cluster as it is now.
  private func egressPolicy() -> EgressPolicy {
    let nodes = engine.everyNode()
    let clusters = engine.clusterCIDRs
    let pools = engine.pools.flatMap { $0.ranges.array.map(\.cidr) }
    let blocks = nodes.flatMap(\.podCIDRs).filter { block in
      !clusters.contains { $0.overlaps(block) }
    }
    return EgressPolicy(
      podCIDRs: clusters + blocks + pools, serviceRanges: engine.serviceRanges.map(\.cidr),
      nodeAddresses: nodes.flatMap(\.nodeIPs).sorted(),
      nonMasqueradeCIDRs: context.configuration.nonMasqueradeCIDRs)
  }
}

extension AllocationEngine {
  /// All nodes, in the order of their names.
  fileprivate func everyNode() -> [NodeObject] {
    var nodes: [NodeObject] = []
    var key: [UInt8]?
    repeat {
      let page = list(.node, after: key, limit: ListPage.mostItems)
      nodes += page.objects.map { NodeObject($0.object) }
      key = page.next
    } while key != nil
    return nodes
  }
}

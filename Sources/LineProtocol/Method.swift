internal import Addressing

/// A method of the protocol.
///
/// Those that make a daemon busy come first, so that they are found first.
package enum Method: UInt8, Sendable, Hashable, CaseIterable {
  case podReserve
  case podRelease
  case podForget
  case podReconcile
  case transaction
  case podGet
  case podList
  case serviceReserve
  case serviceUpdate
  case serviceAdopt
  case serviceRelease
  case serviceGet
  case serviceList
  case nodeRegister
  case nodeRelease
  case nodeGet
  case nodeList
  case rangeList
  case rangeGet
  case rangeAdd
  case rangeDrain
  case rangeRemove
  case rangeExclude
  case rangeInclude
  case rangeExplain
  case ipGet
  case ipHistory
  case ledgerRead
  case ledgerWatch
  case ledgerUnwatch
  case ledgerVerify
  case ledgerBackup
  case ledgerCompact
  case egressClassify
  case egressRender
  case serverInfo
  case serverPing
  case serverHealth
  case serverStats
  case serverAuthenticate
  case discover
}

extension Method {
  /// What the protocol says about one method: dispatch, role checks, `rpc.discover` and the
  /// documents all follow from it.
  package struct Row: Sendable {
    package let method: Method

    /// As clients spell it: `pod.reserve`.
    package let name: String

    /// The least role that a caller needs.
    package let role: Role

    /// Whether it may change the ledger.
    package let isChange: Bool

    package let params: any MethodParams.Type
    package let result: any MethodDescription.Type

    /// What it answers besides the errors that every method has.
    package let errors: [ErrorReason]

    package let summary: String

    fileprivate static func read(
      _ method: Method, _ name: String, _ role: Role, _ params: any MethodParams.Type,
      _ result: any MethodDescription.Type, _ errors: [ErrorReason], _ summary: String
    ) -> Row {
      Row(
        method: method, name: name, role: role, isChange: false, params: params, result: result,
        errors: errors, summary: summary)
    }

    fileprivate static func change(
      _ method: Method, _ name: String, _ role: Role, _ params: any MethodParams.Type,
      _ result: any MethodDescription.Type, _ errors: [ErrorReason], _ summary: String
    ) -> Row {
      Row(
        method: method, name: name, role: role, isChange: true, params: params, result: result,
        errors: errors + [.ledgerUnavailable, .outcomeUnknown], summary: summary)
    }
  }

  package var row: Row { Self.table[Int(rawValue)] }
  package var name: String { Self.table[Int(rawValue)].name }
  package var role: Role { Self.table[Int(rawValue)].role }
  package var isChange: Bool { Self.table[Int(rawValue)].isChange }

  /// The one table: the row of a method stands at its raw value.
  package static let table: [Row] = pods + services + nodes + ranges + ledger + egress + server

  private static let egress: [Row] = [
    .read(
      .egressClassify, "egress.classify", .reader, EgressClassifyParams.self,
      EgressClassifyResult.self, [], "Whether a packet leaves under its node's address."),
    .read(
      .egressRender, "egress.render", .reader, EgressRenderParams.self, EgressRenderResult.self,
      [.notFound], "The rules that masquerade what leaves the cluster."),
  ]

  private static let ledger: [Row] = [
    .read(
      .ipHistory, "ip.history", .reader, IPHistoryParams.self, IPHistoryResult.self, [],
      "Who had an address when, the newest first."),
    .read(
      .ledgerRead, "ledger.read", .reader, LedgerReadParams.self, LedgerReadResult.self,
      [.compacted],
      "Records of the ledger behind a revision."),
    .read(
      .ledgerWatch, "ledger.watch", .reader, LedgerWatchParams.self, LedgerWatchResult.self,
      [.compacted], "Sends every record as an event, from now on or from a revision."),
    .read(
      .ledgerUnwatch, "ledger.unwatch", .reader, LedgerUnwatchParams.self, PingResult.self,
      [.notFound], "Ends a watch of this connection."),
    .read(
      .ledgerVerify, "ledger.verify", .admin, NoParams.self, LedgerVerifyResult.self, [],
      "Holds the ledger, what is derived from it and memory against each other."),
    .read(
      .ledgerBackup, "ledger.backup", .admin, LedgerBackupParams.self, LedgerBackupResult.self,
      [.conflict, .ledgerUnavailable], "Copies the ledger into a new file, while it is in use."),
    .change(
      .ledgerCompact, "ledger.compact", .admin, LedgerCompactParams.self,
      LedgerCompactResult.self, [], "Removes the oldest records; the state and revisions stay."),
  ]

  private static let pods: [Row] = [
    .change(
      .podReserve, "pod.reserve", .allocator, PodReserveParams.self, PodReserveResult.self,
      [.exhausted, .alreadyReserved, .outOfRange, .notFound, .conflict],
      "Reserves one address per family of the node's pod CIDRs, together."),
    .change(
      .podRelease, "pod.release", .allocator, PodReleaseParams.self, ReleaseResult.self,
      [.conflict], "Releases what an owner, an address, a container or a pod's name holds."),
    .change(
      .podForget, "pod.forget", .allocator, PodForgetParams.self, ReleaseResult.self, [],
      "Frees the addresses that are kept for a pod."),
    .change(
      .podReconcile, "pod.reconcile", .allocator, PodReconcileParams.self,
      PodReconcileResult.self, [.notFound],
      "Releases what a node holds for owners that are not live, in one commit."),
    .change(
      .transaction, "transaction", .allocator, TransactionParams.self, TransactionResult.self,
      [.exhausted, .alreadyReserved, .outOfRange, .notFound, .conflict],
      "Reserves, updates and releases, all of it or nothing."),
    .read(
      .podGet, "pod.get", .reader, PodGetParams.self, PodItem.self, [.notFound],
      "The reservation of one owner, or of one address."),
    .read(
      .podList, "pod.list", .reader, PodListParams.self, ItemPage<PodItem>.self, [],
      "Pod reservations, by node, namespace, labels or network."),
  ]

  private static let services: [Row] = [
    .change(
      .serviceReserve, "service.reserve", .allocator, ServiceReserveParams.self,
      ServiceResult.self, [.exhausted, .alreadyReserved, .outOfRange, .conflict],
      "Gives a Service its cluster IPs, as the Kubernetes API server does on create."),
    .change(
      .serviceUpdate, "service.update", .allocator, ServiceUpdateParams.self,
      ServiceResult.self, [.exhausted, .alreadyReserved, .outOfRange, .notFound, .conflict],
      "Replaces a Service's spec, as PUT does: switches stacks and types."),
    .change(
      .serviceAdopt, "service.adopt", .allocator, ServiceAdoptParams.self, ServiceResult.self,
      [.alreadyReserved, .outOfRange, .conflict],
      "Records a Service that exists already in a cluster, with the addresses it has."),
    .change(
      .serviceRelease, "service.release", .allocator, ServiceReleaseParams.self,
      ReleaseResult.self, [.conflict], "Releases the cluster IPs of a Service."),
    .read(
      .serviceGet, "service.get", .reader, ServiceGetParams.self, ServiceItem.self, [.notFound],
      "One Service with its addresses."),
    .read(
      .serviceList, "service.list", .reader, ServiceListParams.self,
      ItemPage<ServiceItem>.self, [], "Services, of one namespace or of all."),
  ]

  private static let nodes: [Row] = [
    .change(
      .nodeRegister, "node.register", .admin, NodeRegisterParams.self, NodeRegisterResult.self,
      [.exhausted, .outOfRange, .conflict],
      "Gives a node its pod CIDRs, as kube-controller-manager does."),
    .change(
      .nodeRelease, "node.release", .admin, NodeReleaseParams.self, NodeReleaseResult.self,
      [.conflict], "Releases a node's pod CIDRs, and by force the pods in them."),
    .read(
      .nodeGet, "node.get", .reader, NodeGetParams.self, NodeItem.self, [.notFound],
      "One node with its pod CIDRs."),
    .read(
      .nodeList, "node.list", .reader, PageParams.self, ItemPage<NodeItem>.self, [],
      "All nodes."),
  ]

  private static let ranges: [Row] = [
    .read(
      .rangeList, "range.list", .reader, PageParams.self, ItemPage<RangeItem>.self, [],
      "All ranges, with what is held in them."),
    .read(
      .rangeGet, "range.get", .reader, RangeGetParams.self, RangeItem.self, [.notFound],
      "One range, or the addresses of one node's CIDR."),
    .change(
      .rangeAdd, "range.add", .admin, RangeAddParams.self, RangeChangeResult.self, [.conflict],
      "Adds a range, or takes a draining one back into use."),
    .change(
      .rangeDrain, "range.drain", .admin, RangeGetParams.self, RangeChangeResult.self,
      [.notFound], "Hands out nothing new from a range; what is held stays held."),
    .change(
      .rangeRemove, "range.remove", .admin, RangeGetParams.self, RangeChangeResult.self,
      [.notFound, .conflict], "Removes a range that nobody uses."),
    .change(
      .rangeExclude, "range.exclude", .admin, RangeBlocksParams.self, RangeChangeResult.self,
      [.outOfRange], "Takes blocks out of ranges: nobody new gets an address of them."),
    .change(
      .rangeInclude, "range.include", .admin, RangeBlocksParams.self, RangeChangeResult.self, [],
      "Takes excluded blocks back into their ranges."),
    .read(
      .rangeExplain, "range.explain", .reader, RangeExplainParams.self,
      RangeExplainResult.self, [.notFound],
      "Why a range is full, or whether a request would succeed."),
    .read(
      .ipGet, "ip.get", .reader, IPGetParams.self, IPStateResult.self, [.compacted],
      "What an address is, and who holds it."),
  ]

  private static let server: [Row] = [
    .read(
      .serverInfo, "server.info", .none, NoParams.self, ServerInfoResult.self, [],
      "Version, ranges, limits, and the caller's role."),
    .read(
      .serverPing, "server.ping", .none, NoParams.self, PingResult.self, [],
      "Answers an empty object."),
    .read(
      .serverHealth, "server.health", .none, NoParams.self, ServerHealthResult.self, [],
      "Whether the daemon lives, is ready, and can write its ledger."),
    .read(
      .serverStats, "server.stats", .reader, NoParams.self, ServerStatsResult.self, [],
      "Counters and latency quantiles since the start."),
    .read(
      .serverAuthenticate, "server.authenticate", .none, ServerAuthenticateParams.self,
      ServerAuthenticateResult.self, [],
      "Raises what the connection may do, by a token."),
    .read(
      .discover, "rpc.discover", .none, NoParams.self, DiscoverResult.self, [],
      "This description: an OpenRPC document."),
  ]
}

extension OpenRPC {
  /// One request with its answer.
  package struct Example: Sendable {
    package let name: String
    package let params: JSONValue
    package let result: JSONValue

    /// As an OpenRPC method's `examples` have it.
    var pairing: JSONValue {
      guard case .object(let members) = params else {
        preconditionFailure("params are an object")
      }
      return [
        "name": .string(name),
        "params": .array(members.map { ["name": .string($0.name), "value": $0.value] }),
        "result": ["name": "result", "value": result],
      ]
    }
  }

  /// What the document shows of a method: a cluster of 10.244.0.0/16,fd00:10:244::/56 and Service
  /// ranges 10.96.0.0/16,fd00:10:96::/108.
  package static func examples(of method: Method) -> [Example] {
    switch method {
    case .podReserve, .podRelease, .podForget, .podReconcile, .podGet: podExamples(of: method)
    case .serviceReserve, .serviceUpdate, .serviceRelease: serviceExamples(of: method)
    case .nodeRegister, .nodeRelease: nodeExamples(of: method)
    case .transaction: [allOrNothing]
    case .rangeGet: [nodeBlock]
    case .rangeAdd: [poolAdded]
    case .rangeExclude: [routersExcluded]
    case .ipGet: [heldAddress]
    case .serverPing: [Example(name: "ping", params: [:], result: [:])]
    case .serverHealth: [health]
    case .podList, .serviceAdopt, .serviceGet, .serviceList, .nodeGet, .nodeList, .rangeList,
      .rangeDrain, .rangeRemove, .rangeInclude, .rangeExplain,
      .ipHistory, .ledgerRead, .ledgerWatch, .ledgerUnwatch, .ledgerVerify, .ledgerBackup,
      .ledgerCompact, .egressClassify, .egressRender, .serverInfo, .serverStats,
      .serverAuthenticate, .discover:
      []
    }
  }

  private static let nodeBlock = Example(
    name: "the addresses of a node's block", params: ["cidr": "10.244.0.0/24"],
    result: [
      "name": "10.244.0.0/24", "purpose": "pod", "family": "IPv4", "cidr": "10.244.0.0/24",
      "unit": "address", "capacity": "253", "reserved": "1", "free": "252", "excluded": "0",
      "quarantined": "0", "node": "worker-1", "state": "Active", "revision": 42,
    ])

  private static let poolAdded = Example(
    name: "a pool for one network",
    params: ["name": "storage", "purpose": "pool", "cidr": "10.50.0.0/24"],
    result: [
      "items": [
        [
          "name": "storage", "purpose": "pool", "family": "IPv4", "cidr": "10.50.0.0/24",
          "unit": "address", "capacity": "253", "reserved": "0", "free": "253", "excluded": "0",
          "quarantined": "0", "state": "Active",
        ]
      ],
      "revision": 60,
    ])

  private static let routersExcluded = Example(
    name: "addresses that machines outside have",
    params: ["cidrs": ["10.50.0.16/28"], "note": "routers"],
    result: [
      "items": [
        [
          "name": "storage", "purpose": "pool", "family": "IPv4", "cidr": "10.50.0.0/24",
          "unit": "address", "capacity": "253", "reserved": "0", "free": "237", "excluded": "16",
          "quarantined": "0", "state": "Active",
        ]
      ],
      "held": [], "revision": 61,
    ])

  private static let heldAddress = Example(
    name: "an address that a pod holds", params: ["ip": "10.244.0.2"],
    result: [
      "ip": "10.244.0.2", "state": "reserved",
      "owner": [
        "kind": "Pod", "namespace": "default", "name": "web-0", "containerID": "3f9c",
        "interface": "eth0", "network": "default",
      ],
      "range": "10.244.0.0/24", "since": "2026-01-02T03:04:05.678Z", "revision": 42,
    ])

  private static let health = Example(
    name: "a daemon that takes changes", params: [:],
    result: ["live": true, "ready": true, "ledger": "ok", "revision": 42])
}

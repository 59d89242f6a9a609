extension OpenRPC {
  static func podExamples(of method: Method) -> [Example] {
    switch method {
    case .podReserve: [webReserved]
    case .podRelease: [webReleased]
    case .podForget: [databaseForgotten]
    case .podReconcile: [nothingIsGone]
    default: [webHeld]
    }
  }

  private static let webReserved = Example(
    name: "both families for a pod",
    params: [
      "node": "worker-1", "namespace": "default", "name": "web-0", "containerID": "3f9c",
      "interface": "eth0",
    ],
    result: [
      "podIP": "10.244.0.2", "podIPs": ["10.244.0.2", "fd00:10:244::2"],
      "prefixLengths": [24, 64], "gateways": ["10.244.0.1", "fd00:10:244::1"],
      "node": "worker-1", "existing": false, "revision": 42,
    ])

  private static let webReleased = Example(
    name: "by the owner key",
    params: [
      "namespace": "default", "name": "web-0", "containerID": "3f9c", "interface": "eth0",
    ],
    result: ["released": ["10.244.0.2", "fd00:10:244::2"], "revision": 43])

  private static let databaseForgotten = Example(
    name: "a StatefulSet that is gone", params: ["namespace": "default", "name": "db-0"],
    result: ["released": ["10.244.0.7", "fd00:10:244::7"], "revision": 50])

  private static let nothingIsGone = Example(
    name: "a preview of what containers leave behind",
    params: [
      "node": "worker-1", "live": [["containerID": "3f9c"]], "olderThanSeconds": 60,
      "dryRun": true,
    ],
    result: ["released": [], "revision": 42])

  static let allOrNothing = Example(
    name: "a pod replaced by another one",
    params: [
      "ops": [
        ["method": "pod.release", "params": ["namespace": "default", "name": "web-0"]],
        [
          "method": "pod.reserve",
          "params": ["node": "worker-1", "namespace": "default", "name": "web-1"],
        ],
      ]
    ],
    result: [
      "results": [
        ["released": ["10.244.0.2", "fd00:10:244::2"], "revision": 48],
        [
          "podIP": "10.244.0.3", "podIPs": ["10.244.0.3", "fd00:10:244::3"],
          "prefixLengths": [24, 64], "gateways": ["10.244.0.1", "fd00:10:244::1"],
          "node": "worker-1", "existing": false, "revision": 49,
        ],
      ],
      "revision": 49,
    ])

  private static let webHeld = Example(
    name: "by an address", params: ["ip": "10.244.0.2"],
    result: [
      "node": "worker-1", "namespace": "default", "name": "web-0", "containerID": "3f9c",
      "interface": "eth0", "network": "default", "podIP": "10.244.0.2",
      "podIPs": ["10.244.0.2", "fd00:10:244::2"], "ipFamilies": ["IPv4", "IPv6"],
      "reservedAt": "2026-01-02T03:04:05.678Z", "revision": 42,
    ])

  static func serviceExamples(of method: Method) -> [Example] {
    switch method {
    case .serviceReserve: [dualStackService]
    case .serviceUpdate: [singleStackAgain]
    default: [serviceReleased]
    }
  }

  private static let dualStackService = Example(
    name: "both families, IPv6 first",
    params: [
      "namespace": "default", "name": "my-service",
      "spec": [
        "type": "ClusterIP", "ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv6", "IPv4"],
        "ports": [["port": 80]],
      ],
    ],
    result: [
      "namespace": "default", "name": "my-service",
      "spec": [
        "type": "ClusterIP", "clusterIP": "fd00:10:96::a38f",
        "clusterIPs": ["fd00:10:96::a38f", "10.96.140.7"], "ipFamilies": ["IPv6", "IPv4"],
        "ipFamilyPolicy": "PreferDualStack",
      ],
      "existing": false, "revision": 44,
    ])

  private static let singleStackAgain = Example(
    name: "back to one family",
    params: [
      "namespace": "default", "name": "my-service",
      "spec": ["type": "ClusterIP", "ipFamilyPolicy": "SingleStack"], "ifRevision": 44,
    ],
    result: [
      "namespace": "default", "name": "my-service",
      "spec": [
        "type": "ClusterIP", "clusterIP": "fd00:10:96::a38f", "clusterIPs": ["fd00:10:96::a38f"],
        "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack",
      ],
      "existing": false, "released": ["10.96.140.7"], "revision": 45,
    ])

  private static let serviceReleased = Example(
    name: "a deleted Service", params: ["namespace": "default", "name": "my-service"],
    result: ["released": ["fd00:10:96::a38f"], "revision": 46])

  static func nodeExamples(of method: Method) -> [Example] {
    switch method {
    case .nodeRegister: [workerRegistered]
    default: [workerReleased]
    }
  }

  private static let workerRegistered = Example(
    name: "blocks that the server chooses",
    params: ["name": "worker-1", "nodeIPs": ["192.0.2.10", "2001:db8::10"]],
    result: [
      "name": "worker-1", "podCIDR": "10.244.0.0/24",
      "podCIDRs": ["10.244.0.0/24", "fd00:10:244::/64"],
      "nodeIPs": ["192.0.2.10", "2001:db8::10"], "os": "linux", "existing": false, "revision": 1,
    ])

  private static let workerReleased = Example(
    name: "a node without pods", params: ["name": "worker-1"],
    result: ["released": ["10.244.0.0/24", "fd00:10:244::/64"], "revision": 47])
}

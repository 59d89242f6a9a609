import FaultKit

/// A daemon with nodes of known blocks, and pods by short names.
final class PodBench {
  private(set) var daemon: DaemonProcess
  private(set) var client: LineClient

  init(_ setup: DaemonSetup = .dual, nodes: [String: [String]] = ["w": []]) throws {
    daemon = try DaemonProcess.start(setup)
    client = try daemon.client()
    for (name, blocks) in nodes.sorted(by: { $0.key < $1.key }) {
      let request: JSON = ["name": .string(name)]
      let answer = try client.request(
        "node.register", blocks.isEmpty ? request : request.with("podCIDRs", .strings(blocks)))
      guard answer.result != nil else { throw HarnessFailure.ended("node \(name): \(answer)") }
    }
  }

  /// A cluster of one node with a small IPv4 block: `/29` has the pods' addresses .2 to .6.
  static func small(
    _ length: Int = 29, quarantineSeconds: Int = 30, isStrict: Bool = false
  ) throws -> PodBench {
    try PodBench(
      DaemonSetup(clusterCIDR: "10.20.0.0/24").with {
        $0.yaml = """
          quarantineSeconds: \(quarantineSeconds)
          quarantine: \(isStrict ? "strict" : "prefer")
          """
      }, nodes: ["w": ["10.20.0.0/\(length)"]])
  }

  func restart(killing: Bool = false) throws {
    client.close()
    if killing { try daemon.kill() } else { try daemon.stop() }
    daemon = try daemon.startAgain()
    client = try daemon.client()
  }

  static func key(_ name: String) -> JSON { ["namespace": "d", "name": .string(name)] }

  func reserve(_ name: String, _ more: JSON = [:]) throws -> Answer {
    var params = Self.key(name).with("node", "w")
    for (member, value) in more.members ?? [:] { params = params.with(member, value) }
    return try client.request("pod.reserve", params)
  }

  /// The first address that the pod gets; nil when it gets none.
  func address(_ name: String, _ more: JSON = [:]) throws -> String? {
    try reserve(name, more).result?["podIP"]?.text
  }

  @discardableResult
  func release(_ name: String, _ more: JSON = [:]) throws -> Answer {
    var params = Self.key(name)
    for (member, value) in more.members ?? [:] { params = params.with(member, value) }
    return try client.request("pod.release", params)
  }

  func state(_ address: String) throws -> String? {
    try client.request("ip.get", ["ip": .string(address)]).result?["state"]?.text
  }

  func newestRevision() throws -> Int? { try client.request("server.info").revision }
}

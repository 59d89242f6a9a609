import FaultKit

/// A few clients that reserve and release for a while, several requests at a time, so that commits
/// carry one record or many.
struct Load {
  private var random: SeededRandom
  private var podCount = 0
  private var serviceCount = 0
  /// What may be released, as params.
  private var held: [(method: String, params: JSON)] = []
  private static let nodes = ["worker-1", "worker-2", "worker-3"]

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  func registerNodes(_ client: LineClient) throws {
    for node in Self.nodes {
      try Self.expectResult(try client.request("node.register", ["name": .string(node)]))
    }
  }

  /// Each client asks a few things at once; the round ends when all are answered.
  mutating func run(rounds: Int, _ clients: [LineClient]) throws {
    for _ in 0..<rounds {
      var waiting: [(client: LineClient, id: JSON, release: (method: String, params: JSON)?)] = []
      for client in clients {
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          let (method, params, release) = next()
          waiting.append((client, try client.begin(method, params), release))
        }
      }
      for (client, id, release) in waiting {
        try Self.expectResult(try client.answer(to: id))
        if let release { held.append(release) }
      }
    }
  }

  /// Something to ask, and what would take it back.
  private mutating func next() -> (
    method: String, params: JSON, release: (method: String, params: JSON)?
  ) {
    let dice = Int.random(in: 0..<20, using: &random)
    if dice < 6, let index = held.indices.randomElement(using: &random) {
      let release = held.remove(at: index)
      return (release.method, release.params, nil)
    }
    if dice < 9 {
      serviceCount += 1
      let key: JSON = ["namespace": "default", "name": .string("service-\(serviceCount)")]
      let spec: JSON = ["type": "ClusterIP", "ipFamilyPolicy": "RequireDualStack"]
      return ("service.reserve", key.with("spec", spec), ("service.release", key))
    }
    podCount += 1
    let key: JSON = [
      "namespace": "default", "name": .string("pod-\(podCount % 50)"),
      "containerID": .string("container-\(podCount)"),
    ]
    let node = Self.nodes[podCount % Self.nodes.count]
    return ("pod.reserve", key.with("node", .string(node)), ("pod.release", key))
  }

  private static func expectResult(_ answer: Answer) throws {
    guard answer.result != nil else { throw HarnessFailure.ended("refused: \(answer)") }
  }
}

import Foundation

/// A client that reserves and releases at random, keeps a history, and stops when its daemon dies.
///
/// It is used by one thread at a time; its history grows over several daemons on one ledger.
package final class LoadClient {
  package private(set) var history: [HistoryEntry] = []

  private let number: Int
  private let ownerCount: Int
  private let nodes: [String]
  private var random: SeededRandom
  private var sequence = 0

  package init(number: Int, nodes: [String], ownerCount: Int = 40, seed: UInt64) {
    self.number = number
    self.nodes = nodes
    self.ownerCount = ownerCount
    random = SeededRandom(seed: seed &* 1000 &+ UInt64(number))
  }

  /// Works until the connection breaks, or `count` requests are answered.
  package func work(on client: LineClient, count: Int = .max) {
    for _ in 0..<count where !step(on: client) { return }
  }

  /// One request; false when there was no answer.
  private func step(on client: LineClient) -> Bool {
    let index = Int.random(in: 0..<ownerCount, using: &random)
    let operation: HistoryEntry.Operation =
      Int.random(in: 0..<5, using: &random) < 3 ? .reserve : .release
    let isPod = index % 2 == 0
    let name = "c\(number)-\(index)"
    let method = (isPod ? "pod." : "service.") + (operation == .reserve ? "reserve" : "release")
    var params: JSON = ["namespace": "load", "name": .string(name)]
    if operation == .reserve {
      params =
        isPod
        ? params.with("node", .string(nodes[index % nodes.count]))
        : params.with("spec", ["ipFamilyPolicy": "RequireDualStack"])
    }
    let sent = Deadline.now
    let answer = try? client.request(method, params)
    let outcome = answer.map { Self.outcome($0, operation) } ?? .unknown
    sequence += 1
    history.append(
      HistoryEntry(
        client: number, sequence: sequence, owner: (isPod ? "pod " : "service ") + name,
        operation: operation, sent: sent, done: Deadline.now, outcome: outcome))
    return answer != nil
  }

  private static func outcome(
    _ answer: Answer, _ operation: HistoryEntry.Operation
  ) -> HistoryEntry.Outcome {
    guard let result = answer.result, let revision = answer.revision else {
      return answer.reason == "OutcomeUnknown" ? .unknown : .refused
    }
    if operation == .release {
      return .released(addresses: result["released"]?.strings ?? [], revision: revision)
    }
    return .reserved(
      addresses: HeldState.addresses(result), revision: revision,
      isExisting: result["existing"]?.bool ?? false)
  }
}

extension HeldState {
  /// The addresses of a pod or a Service, as an answer or an item shows them.
  fileprivate static func addresses(_ object: JSON) -> [String] {
    object["podIPs"]?.strings ?? object["spec"]?["clusterIPs"]?.strings ?? []
  }

  /// Reads everything that the daemon lists.
  package init(from client: LineClient, oldestRevision: Int) throws {
    var holdings: [(owner: String, holding: Holding)] = []
    for (kind, method) in [("pod ", "pod.list"), ("service ", "service.list")] {
      for item in try client.all(method, limit: 1000) {
        guard let name = item["name"]?.text, let revision = item["revision"]?.int else {
          throw HarnessFailure.ended("an item without a name or revision: \(item)")
        }
        let holding = Holding(addresses: Self.addresses(item), revision: revision)
        holdings.append((kind + name, holding))
      }
    }
    let newest = try client.request("server.info").revision
    self.init(
      holdings: holdings, newestRevision: newest ?? -1, oldestRevision: oldestRevision)
  }

  /// What every range counts as held against what the listing says; returns the differences.
  package func countMismatches(
    _ client: LineClient, blocks: [String], services: [String]
  ) throws -> [String] {
    var mismatches: [String] = []
    for cidr in blocks + services {
      let listed = holdings.reduce(into: 0) { sum, entry in
        sum += entry.holding.addresses.count { AddressText.isInside($0, cidr) }
      }
      let range = try client.request("range.get", ["cidr": .string(cidr)])
      guard range.result?["reserved"]?.count != listed else { continue }
      mismatches.append("\(cidr): \(listed) listed, but \(range)")
    }
    return mismatches
  }
}

import FaultKit

/// What the clients of a recorded daemon may rely on at a moment, by what went over their sockets.
struct Promises {
  /// What is known about one owner, which is reserved once, and released once at most.
  struct Promise {
    /// Nil: not acknowledged yet.
    var addresses: [String]?
    var isReleaseAsked = false
    var isReleased = false
  }

  private(set) var owners: [String: Promise] = [:]

  /// Whom the record of a revision is about, from the answers that carried one.
  private var revisions: [Int: String] = [:]

  private var unread: [Stream: [UInt8]] = [:]
  private var requests: [Question: JSON] = [:]

  /// One direction of a connection.
  private struct Stream: Hashable {
    var connection: Int
    var isFromClient: Bool
  }

  /// A request as its answer names it.
  private struct Question: Hashable {
    var connection: Int
    var id: JSON
  }

  mutating func apply(_ event: RecordedEvent) throws {
    switch event {
    case .received(let connection, let bytes):
      for line in lines(bytes, Stream(connection: connection, isFromClient: true)) {
        try asked(line, on: connection)
      }
    case .sent(let connection, let bytes):
      for line in lines(bytes, Stream(connection: connection, isFromClient: false)) {
        try answered(line, on: connection)
      }
    case .start: (unread, requests) = ([:], [:])
    default: break
    }
  }

  private mutating func lines(_ bytes: ArraySlice<UInt8>, _ stream: Stream) -> [String] {
    let text = unread[stream, default: []] + bytes
    let parts = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    unread[stream] = parts.last.map { Array($0) }
    return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
  }

  private mutating func asked(_ line: String, on connection: Int) throws {
    guard let request = JSON(parsing: line), let id = request["id"] else {
      throw HarnessFailure.ended("no request: \(line)")
    }
    requests[Question(connection: connection, id: id)] = request
    guard let owner = Self.owner(request) else { return }
    if Self.isRelease(request) {
      owners[owner]?.isReleaseAsked = true
    } else {
      owners[owner] = owners[owner] ?? Promise()
    }
  }

  private mutating func answered(_ line: String, on connection: Int) throws {
    guard let answer = JSON(parsing: line), let id = answer["id"],
      let request = requests.removeValue(forKey: Question(connection: connection, id: id)),
      let owner = Self.owner(request), let result = answer["result"]
    else { throw HarnessFailure.ended("not the answer to a request: \(line)") }
    if let revision = result["revision"]?.int { revisions[revision] = owner }
    if Self.isRelease(request) {
      owners[owner]?.isReleased = true
    } else {
      let addresses = result["podIPs"] ?? result["podCIDRs"] ?? result["spec"]?["clusterIPs"]
      owners[owner]?.addresses = addresses?.strings ?? []
    }
  }

  private static func isRelease(_ request: JSON) -> Bool {
    request["method"]?.text?.hasSuffix(".release") ?? false
  }

  /// The owner that a request is about, named as `RecoveredLedger` names it.
  private static func owner(_ request: JSON) -> String? {
    guard let kind = request["method"]?.text?.split(separator: ".").first,
      let params = request["params"]
    else { return nil }
    let members = ["namespace", "name", "containerID"].compactMap { params[$0]?.text }
    return ([String(kind)] + members).joined(separator: " ")
  }
}

extension Promises {
  /// What a ledger breaks; empty for one that keeps everything.
  func broken(by ledger: RecoveredLedger) -> [String] {
    var findings: [String] = []
    for (owner, promise) in owners.sorted(by: { $0.key < $1.key }) {
      let held = ledger.holders[owner]
      if promise.isReleased {
        if let held { findings.append("\(owner) was released and still holds \(held)") }
      } else if let acknowledged = promise.addresses, held != acknowledged {
        if held == nil, promise.isReleaseAsked { continue }
        findings.append("\(owner) was told \(acknowledged) and holds \(held ?? [])")
      }
    }
    for owner in ledger.holders.keys.sorted() where owners[owner] == nil {
      findings.append("\(owner) is there, and nobody asked for it")
    }
    for (revision, owner) in revisions.sorted(by: { $0.key < $1.key }) {
      let found = ledger.owner(ofRevision: revision)
      if found != owner {
        findings.append("revision \(revision) was told for \(owner), it is \(found ?? "not there")")
      }
    }
    return findings + ledger.flaws
  }
}

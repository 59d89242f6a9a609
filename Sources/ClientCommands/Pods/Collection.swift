import IPLedgerClient

/// Releases what nodes hold for owners that are gone.
///
/// Whose are alive may be too many for a line of the protocol: the daemon says what is old enough,
/// and each of those is judged here and released as it was when the daemon said so.
struct Collection {
  let session: Session
  let olderThanSeconds: Int64
  let isDryRun: Bool

  /// So many releases are one transaction, on a line that is short enough.
  private static let mostAtOnce = 250

  /// What was released of a node, or would be, as `items`, with the newest `revision`.
  func collect(node: String, network: String? = nil, _ isLive: (JSON) -> Bool) throws -> JSON {
    let old = try session.call(
      "pod.reconcile",
      .members([
        "node": .string(node), "network": .optional(network), "live": [],
        "olderThanSeconds": .int(olderThanSeconds), "dryRun": true,
      ]))
    let gone = (old["released"]?.array ?? []).filter { !isLive($0) }
    var answer: JSON = ["items": .array(gone), "revision": old["revision"] ?? .null]
    guard !isDryRun else { return answer }
    var released: [JSON] = []
    for start in stride(from: 0, to: gone.count, by: Self.mostAtOnce) {
      let part = gone[start..<min(start + Self.mostAtOnce, gone.count)]
      let revision = try release(part, &released)
      answer = answer.with("revision", revision ?? answer["revision"])
    }
    return answer.with("items", .array(released))
  }

  /// All at once; or one by one, where one of them has another life by now.
  private func release(_ gone: ArraySlice<JSON>, _ released: inout [JSON]) throws -> JSON? {
    let calls = gone.map { pod -> JSON in
      ["method": "pod.release", "params": Self.release(of: pod)]
    }
    if case .success(let answer) = try session.attempt("transaction", ["ops": .array(calls)]) {
      released += zip(gone, answer["results"]?.array ?? []).filter { Self.isSome($1) }.map { $0.0 }
      return answer["revision"]
    }
    var revision: JSON?
    for pod in gone {
      switch try session.attempt("pod.release", Self.release(of: pod)) {
      case .success(let answer):
        if Self.isSome(answer) { released.append(pod) }
        revision = answer["revision"]
      case .failure(let refusal):
        guard refusal.reason == "Conflict" else { throw CommandFailure(.refused(refusal)) }
      }
    }
    return revision
  }

  /// Whether a release has found something to release.
  private static func isSome(_ answer: JSON) -> Bool { answer["released"]?.array?.isEmpty == false }

  /// The owner's key, and the generation that was judged.
  private static func release(of pod: JSON) -> JSON {
    let key = ["namespace", "name", "containerID", "uid", "interface", "network"]
    return key.reduce(["ifRevision": pod["revision"] ?? .null]) { $0.with($1, pod[$1]) }
  }
}

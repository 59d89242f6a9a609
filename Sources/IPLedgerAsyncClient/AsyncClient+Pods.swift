public import IPLedgerClient

extension AsyncClient {
  /// Gives a pod its addresses, or says which it has.
  ///
  /// A repeat answers the same addresses. Throws as `call` does; `ClientError.refused` with the
  /// reasons `Exhausted`, `AlreadyReserved`, `OutOfRange`, `NotFound` (the node), `Conflict`.
  public func reservePod(
    _ request: PodRequest, within limit: Duration
  ) async throws -> PodReservation {
    try PodReservation(try await call("pod.reserve", request.params, within: limit))
  }

  /// Takes a pod's addresses back.
  ///
  /// It succeeds when there are none. After a lost connection the answer may name none although
  /// this call took them back.
  ///
  /// - Parameter revision: only the reservation of this generation.
  public func releasePod(
    _ key: PodKey, ifRevision revision: Int64? = nil, within limit: Duration
  ) async throws -> Release {
    let params = JSON(members: key.members + [("ifRevision", revision.map { .int($0) })])
    return try Release(try await call("pod.release", params, within: limit))
  }

  /// Takes back what a container has, on all its interfaces.
  public func releaseContainer(
    _ containerID: String, on node: String, within limit: Duration
  ) async throws -> Release {
    let params: JSON = ["node": .string(node), "containerID": .string(containerID)]
    return try Release(try await call("pod.release", params, within: limit))
  }

  /// The pods that match, page by page, as `pod.list` shows them.
  ///
  /// - Parameter limit: for each page.
  public func pods(
    node: String? = nil, namespace: String? = nil, within limit: Duration
  ) async throws -> [JSON] {
    let params = JSON(members: [
      ("node", node.map { .string($0) }), ("namespace", namespace.map { .string($0) }),
    ])
    return try await all("pod.list", params, within: limit)
  }

  /// All items of a list method, page by page; `limit` is for each page.
  public func all(
    _ method: String, _ params: JSON = [:], within limit: Duration
  ) async throws -> [JSON] {
    let members = (params.members ?? []).map { ($0.name, JSON?.some($0.value)) }
    var items: [JSON] = []
    var token: JSON?
    repeat {
      let page = JSON(
        members: members + [("limit", params["limit"] == nil ? 1_000 : nil), ("continue", token)])
      let result = try await call(method, page, within: limit)
      items += result["items"]?.array ?? []
      token = result["continue"]
    } while token != nil
    return items
  }
}

public import IPLedgerClient

extension AsyncClient {
  /// Gives a Service its addresses, by the rules of the Kubernetes API server.
  ///
  /// - Parameters:
  ///   - spec: a ServiceSpec, as Kubernetes writes it.
  ///   - isDryRun: say what would happen, and change nothing.
  public func reserveService(
    namespace: String, name: String, uid: String? = nil, spec: JSON, isDryRun: Bool = false,
    within limit: Duration
  ) async throws -> ServiceReservation {
    let params = JSON(members: [
      ("namespace", .string(namespace)), ("name", .string(name)),
      ("uid", uid.map { .string($0) }), ("spec", spec), ("dryRun", isDryRun ? true : nil),
    ])
    return try ServiceReservation(try await call("service.reserve", params, within: limit))
  }

  /// Puts a new spec in the place of the old one.
  ///
  /// With `ifRevision` it is not sent again after a lost connection, for it would meet its own
  /// change: it ends with `ClientError.connectionLost`. Read the Service, and decide.
  public func updateService(
    namespace: String, name: String, spec: JSON, ifRevision revision: Int64? = nil,
    isDryRun: Bool = false, within limit: Duration
  ) async throws -> ServiceReservation {
    let params = JSON(members: [
      ("namespace", .string(namespace)), ("name", .string(name)), ("spec", spec),
      ("ifRevision", revision.map { .int($0) }), ("dryRun", isDryRun ? true : nil),
    ])
    return try ServiceReservation(try await call("service.update", params, within: limit))
  }

  /// Takes a Service's addresses back; it succeeds when there are none.
  public func releaseService(
    namespace: String, name: String, ifRevision revision: Int64? = nil, within limit: Duration
  ) async throws -> Release {
    let params = JSON(members: [
      ("namespace", .string(namespace)), ("name", .string(name)),
      ("ifRevision", revision.map { .int($0) }),
    ])
    return try Release(try await call("service.release", params, within: limit))
  }
}

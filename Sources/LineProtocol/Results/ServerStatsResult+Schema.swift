extension ServerStatsResult {
  package static var schema: JSONValue {
    Schema.object([
      .required("uptimeSeconds", Schema.count, "Seconds since the daemon started."),
      .required("connections", connectionMembers, "Connections."),
      .required(
        "requests", ["type": "object", "additionalProperties": methodMembers],
        "By method; those never called are absent."),
      .optional(
        "latencyMicroseconds", Schema.ref("Quantiles"),
        "From a request read to its answer handed to the socket."),
      .required("commits", commitMembers, "Commits of the ledger."),
      .required("ledger", ledgerMembers, "The ledger, now."),
      .required("objects", objectMembers, "What is held now."),
    ])
  }

  /// What `components/schemas/Quantiles` holds.
  static let quantilesDefinition = Schema.object([
    .required("p50", Schema.count, "The median, in microseconds."),
    .required("p90", Schema.count, "Nine in ten took no longer."),
    .required("p99", Schema.count, "99 in 100 took no longer."),
    .required("max", Schema.count, "The longest."),
  ])

  private static let connectionMembers = Schema.object([
    .required("open", Schema.count, "Now."),
    .required("total", Schema.count, "Ever accepted."),
    .required("paused", Schema.count, "Not read from now: their answers are not taken."),
    .required("held", Schema.count, "Waiting now for another request's commit."),
  ])

  private static let methodMembers = Schema.object([
    .required("count", Schema.count, "Requests."),
    .required("errors", Schema.count, "Those of them that were answered with an error."),
  ])

  private static let commitMembers = Schema.object([
    .required("count", Schema.count, "Commits."),
    .required("records", Schema.count, "Records in them."),
    .required("failures", Schema.count, "Commits that failed."),
    .optional("meanRecords", ["type": "number", "minimum": 0], "Records of a commit, on average."),
    .optional("fsyncMicroseconds", Schema.ref("Quantiles"), "Of the flush to disk of each."),
  ])

  private static let ledgerMembers = Schema.object([
    .required("revision", Schema.revision, "The newest."),
    .required("bytes", Schema.count, "Of the database file."),
    .required("walBytes", Schema.count, "Of its write-ahead log."),
  ])

  private static let objectMembers = Schema.object([
    .required("pods", Schema.count, "Pod reservations."),
    .required("services", Schema.count, "Services."),
    .required("nodes", Schema.count, "Nodes."),
  ])
}

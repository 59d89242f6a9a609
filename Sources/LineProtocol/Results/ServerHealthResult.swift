/// What `server.health` answers.
package struct ServerHealthResult: MethodResult {
  package enum Ledger: String, Sendable, CaseIterable {
    case ok

    /// Changes are refused until it can be written again; reads work.
    case readOnly
  }

  package var live: Bool

  /// Whether it takes changes: false while starting, draining, or with a read-only ledger.
  package var ready: Bool
  package var ledger: Ledger

  /// The ledger's newest.
  package var revision: UInt64

  package init(live: Bool, ready: Bool, ledger: Ledger, revision: UInt64) {
    self.live = live
    self.ready = ready
    self.ledger = ledger
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("live", live)
    writer.member("ready", ready)
    writer.member("ledger", ledger.rawValue)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("live", Schema.flag, "Whether the daemon runs."),
      .required("ready", Schema.flag, "Whether it takes changes."),
      .required("ledger", Schema.choice("ok", "readOnly"), "Whether the ledger can be written."),
      .required("revision", Schema.revision, "The ledger's newest."),
    ])
  }
}

/// What `server.ping` answers: an empty object.
package struct PingResult: MethodResult {
  package init() {}

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.object([]) }
}

package import Addressing

/// What `ip.get` answers.
package struct IPStateResult: MethodResult {
  package enum State: String, Sendable, CaseIterable {
    case reserved, free, excluded, quarantined

    /// A network, broadcast or gateway address: nobody ever gets it.
    case never

    /// In no range, or in no node's block.
    case outOfRange
  }

  package var ip: IPAddress
  package var state: State

  /// Who holds it.
  package var owner: OwnerReference?

  /// The CIDR of the range, or of the node's block, that it lies in.
  package var range: CIDR?

  /// Since when it has been held, or has rested: milliseconds since 1970.
  package var since: Int64?

  /// Whether it is kept for an owner who does not hold it now.
  package var isKept: Bool

  /// The newest revision that the answer shows.
  package var revision: UInt64

  package init(
    ip: IPAddress, state: State, owner: OwnerReference? = nil, range: CIDR? = nil,
    since: Int64? = nil, isKept: Bool = false, revision: UInt64
  ) {
    self.ip = ip
    self.state = state
    self.owner = owner
    self.range = range
    self.since = since
    self.isKept = isKept
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("ip", ip)
    writer.member("state", state.rawValue)
    if let owner {
      writer.name("owner")
      owner.append(to: &writer)
    }
    writer.member("range", range)
    writer.member("since", time: since)
    if isKept { writer.member("kept", true) }
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("ip", Schema.address, "The address, as written canonically."),
      .required(
        "state",
        Schema.choice("reserved", "free", "excluded", "quarantined", "never", "outOfRange"),
        "never: network, broadcast, gateway."),
      .optional("owner", Schema.ref("Owner"), "Who holds it."),
      .optional("range", Schema.cidr, "The range or node's block that it lies in."),
      .optional("since", Schema.time, "Since when it has been held, or has rested."),
      .optional("kept", Schema.flag, "True: kept for an owner who does not hold it now."),
      .required("revision", Schema.revision, "The newest revision that the answer shows."),
    ])
  }
}

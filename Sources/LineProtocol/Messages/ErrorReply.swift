package import Addressing

/// An error as a request is answered with it.
package struct ErrorReply: Error, Sendable, Hashable {
  package let reason: ErrorReason

  /// One sentence for a person.
  package let message: String

  /// The findings about single members; may be empty for every reason but InvalidParams.
  package let causes: [Cause]

  /// The members of `data` that this reason has besides.
  package let details: Details

  init(
    _ reason: ErrorReason, _ message: String, causes: [Cause] = [], details: Details = .none
  ) {
    self.reason = reason
    self.message = message
    self.causes = causes
    self.details = details
  }

  /// How much of a range is in which state.
  package struct RangeUse: Sendable, Hashable {
    package let range: CIDR
    package let capacity: UInt128
    package let reserved: UInt128
    package let excluded: UInt128
    package let quarantined: UInt128
  }

  /// What `data` holds besides reason, retryable and causes.
  package indirect enum Details: Sendable, Hashable {
    case none
    case offset(Int)
    case near([Method])
    case correlationID(String)
    case rangeUse(RangeUse)
    case holder(IPAddress, OwnerReference?)
    case ranges(IPAddress, [CIDR])
    case generation(UInt64?, OwnerReference?)
    case role(Role, needed: Role)
    /// The caller's role would do, on its own node.
    case scope(Role, needed: Role, node: String)
    case retryAfterMs(Int)
    case cause(String)
    case oldestRevision(UInt64)
    /// The details of an error of one of a transaction's calls, and which one.
    case operation(Details, index: Int)
  }

  /// The error as one of the call at `index` of a transaction.
  package func inOperation(_ index: Int) -> ErrorReply {
    let path = "ops[\(index)].params."
    let causes = causes.map { Cause(path + $0.field, $0.reason, $0.message) }
    return ErrorReply(
      reason, "ops[\(index)]: \(message)", causes: causes,
      details: .operation(details, index: index))
  }

  /// The error, whose causes have their paths already, as one about the element at `index` of
  /// `ops`.
  func about(operation index: Int) -> ErrorReply {
    ErrorReply(reason, message, causes: causes, details: .operation(details, index: index))
  }
}

extension ErrorReply {
  /// Writes the whole answer, `{"jsonrpc":"2.0","id":…,"error":{…}}`, without a newline.
  package func appendAnswer(to writer: inout JSONWriter, id: RequestID) {
    writer.beginObject()
    writer.member("jsonrpc", "2.0")
    writer.name("id")
    writer.value(id)
    writer.name("error")
    appendObject(to: &writer)
    writer.endObject()
  }

  /// Writes the value of `error` alone.
  package func appendObject(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("code", reason.code)
    writer.member("message", message)
    writer.name("data")
    writer.beginObject()
    writer.member("reason", reason.rawValue)
    writer.member("retryable", reason.isRetryable)
    details.append(to: &writer)
    if !causes.isEmpty { appendCauses(to: &writer) }
    writer.endObject()
    writer.endObject()
  }

  private func appendCauses(to writer: inout JSONWriter) {
    writer.name("causes")
    writer.beginArray()
    for cause in causes {
      writer.beginObject()
      writer.member("field", cause.field)
      writer.member("reason", cause.reason.rawValue)
      writer.member("message", cause.message)
      writer.endObject()
    }
    writer.endArray()
  }
}

extension ErrorReply.Details {
  fileprivate func append(to writer: inout JSONWriter) {
    switch self {
    case .none: break
    case .offset(let offset): writer.member("offset", offset)
    case .near(let methods): writer.member("near", methods.map(\.name))
    case .correlationID(let id): writer.member("correlationID", id)
    case .rangeUse(let use): use.append(to: &writer)
    case .holder(let address, let owner):
      writer.member("ip", address)
      owner.append(to: &writer)
    case .ranges(let address, let ranges):
      writer.member("ip", address)
      writer.member("ranges", ranges)
    case .generation(let revision, let owner):
      writer.member("revision", revision)
      owner.append(to: &writer)
    case .role(let role, let needed):
      writer.member("role", role.name)
      writer.member("needed", needed.name)
    case .scope(let role, let needed, let node):
      writer.member("role", role.name)
      writer.member("needed", needed.name)
      writer.member("scope", "node")
      writer.member("node", node)
    case .retryAfterMs(let milliseconds): writer.member("retryAfterMs", milliseconds)
    case .cause(let cause): writer.member("cause", cause)
    case .oldestRevision(let revision): writer.member("oldestRevision", revision)
    case .operation(let details, let index):
      writer.member("index", index)
      details.append(to: &writer)
    }
  }
}

extension ErrorReply.RangeUse {
  fileprivate func append(to writer: inout JSONWriter) {
    writer.member("range", range)
    writer.member("family", range.family.name)
    writer.member("capacity", decimal: capacity)
    writer.member("reserved", decimal: reserved)
    writer.member("excluded", decimal: excluded)
    writer.member("quarantined", decimal: quarantined)
  }
}

extension OwnerReference? {
  /// The member `owner`, when there is one to name.
  fileprivate func append(to writer: inout JSONWriter) {
    guard let owner = self else { return }
    writer.name("owner")
    owner.append(to: &writer)
  }
}

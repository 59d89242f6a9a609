package import Addressing

/// One function for each row of the protocol's error table.
extension ErrorReply {
  package static func parseError(_ fault: JSONFault, offset: Int) -> ErrorReply {
    ErrorReply(
      .parseError, "the line is not JSON from byte \(offset) on: \(fault.message)",
      details: .offset(offset))
  }

  package static func invalidRequest(_ message: String) -> ErrorReply {
    ErrorReply(.invalidRequest, message)
  }

  package static func lineTooLong(limit: Int) -> ErrorReply {
    ErrorReply(.lineTooLong, "a line has at most \(limit) bytes: the rest of it is skipped")
  }

  package static func methodNotFound(_ name: String, near: [Method]) -> ErrorReply {
    let question = near.first.map { ": did you mean \($0.name)?" } ?? ""
    return ErrorReply(
      .methodNotFound, "there is no method \(shown(name))\(question)", details: .near(near))
  }

  /// `causes` are all findings, of which there is one at least.
  package static func invalidParams(_ causes: [Cause]) -> ErrorReply {
    precondition(!causes.isEmpty, "InvalidParams says what is invalid")
    return ErrorReply(.invalidParams, sentence(about: causes), causes: causes)
  }

  /// A call that a transaction does not take: `method` is what it names.
  package static func notInTransaction(_ method: String, index: Int) -> ErrorReply {
    let field = "ops[\(index)].method"
    let cause = Cause(
      field, .notSupported,
      "\(shown(method)) is no part of a transaction: only reserve, update, release and register are"
    )
    return ErrorReply(
      .invalidParams, sentence(about: [cause]), causes: [cause],
      details: .operation(.none, index: index))
  }

  /// A call that names no method at all.
  package static func methodNotFound(
    _ name: String, near: [Method], index: Int
  ) -> ErrorReply {
    let error = methodNotFound(name, near: near)
    return ErrorReply(
      error.reason, "ops[\(index)]: \(error.message)",
      details: .operation(error.details, index: index))
  }

  package static func internalError(correlationID: String) -> ErrorReply {
    ErrorReply(
      .internalError, "the daemon has a bug: its log says more under \(correlationID)",
      details: .correlationID(correlationID))
  }

  package static func exhausted(
    range: CIDR, capacity: UInt128, reserved: UInt128, excluded: UInt128, quarantined: UInt128,
    isDraining: Bool = false
  ) -> ErrorReply {
    ErrorReply(
      .exhausted,
      isDraining
        ? "\(range) is draining: nothing new is handed out from it"
        : "\(range) has nothing free: \(reserved) of \(capacity) are reserved",
      details: .rangeUse(
        RangeUse(
          range: range, capacity: capacity, reserved: reserved, excluded: excluded,
          quarantined: quarantined)))
  }

  package static func alreadyReserved(
    ip: IPAddress, owner: OwnerReference?, causes: [Cause]
  ) -> ErrorReply {
    ErrorReply(
      .alreadyReserved, owner.map { "\(ip) is held by \($0.text)" } ?? "\(ip) is not free",
      causes: causes,
      details: .holder(ip, owner))
  }

  /// `ranges` are those in which the address would have to lie.
  package static func outOfRange(
    ip: IPAddress, ranges: [CIDR], causes: [Cause]
  ) -> ErrorReply {
    let isInside = ranges.contains { $0.contains(ip) }
    return ErrorReply(
      .outOfRange, isInside ? "\(ip) is never handed out" : "\(ip) lies in none of the ranges",
      causes: causes, details: .ranges(ip, ranges))
  }

  /// The object that the request is about does not exist, or one that `causes` name.
  package static func notFound(_ message: String, causes: [Cause] = []) -> ErrorReply {
    ErrorReply(.notFound, message, causes: causes)
  }

  /// `revision` is the generation that `owner` has now; nil when there is nothing to tell.
  package static func conflict(
    _ message: String, revision: UInt64?, owner: OwnerReference?
  ) -> ErrorReply {
    ErrorReply(.conflict, message, details: .generation(revision, owner))
  }

  package static func forbidden(role: Role, needed: Role) -> ErrorReply {
    ErrorReply(
      .forbidden, "this needs the role \(needed.name), and the caller's is \(role.name)",
      details: .role(role, needed: needed))
  }

  /// The role would do, but it is limited to the pods of `node`, the caller's own.
  package static func outOfScope(role: Role, needed: Role, node: String) -> ErrorReply {
    ErrorReply(
      .forbidden,
      "this needs the role \(needed.name) on all nodes, and the caller has it for "
        + "pods of its own node, \(node), alone",
      details: .scope(role, needed: needed, node: node))
  }

  /// `server.authenticate` does not say what it knows.
  package static func unknownToken(role: Role) -> ErrorReply {
    ErrorReply(
      .forbidden, "no access rule knows this token", details: .role(role, needed: .reader))
  }

  /// The client has `limit` connections already.
  package static func tooManyConnections(_ limit: Int) -> ErrorReply {
    ErrorReply(
      .overloaded,
      "you have \(limit) connections already, as many as one user or address may: close some",
      details: .retryAfterMs(1000))
  }

  package static func overloaded(retryAfterMs: Int) -> ErrorReply {
    ErrorReply(
      .overloaded, "the queues are full: retry in \(retryAfterMs) ms",
      details: .retryAfterMs(retryAfterMs))
  }

  /// The rest of a batch whose answers have grown too large.
  package static let batchTooLarge = ErrorReply(
    .overloaded, "the answers to this batch are too large: ask for less at once",
    details: .retryAfterMs(0))

  /// `cause` says what the ledger's file met.
  package static func ledgerUnavailable(cause: String) -> ErrorReply {
    ErrorReply(
      .ledgerUnavailable, "the ledger cannot be written now: \(cause)", details: .cause(cause))
  }

  /// `oldest` is the first revision whose record is kept; what came before it is known as a whole.
  package static func compacted(oldest: UInt64) -> ErrorReply {
    ErrorReply(
      .compacted,
      "the ledger keeps its records from revision \(oldest) on: ask for \(oldest - 1) or later",
      details: .oldestRevision(oldest))
  }

  package static let shuttingDown = ErrorReply(.shuttingDown, "the daemon is shutting down")

  package static let deadlineExceeded = ErrorReply(
    .deadlineExceeded, "the deadline passed before the request was started: nothing was changed")

  package static let outcomeUnknown = ErrorReply(
    .outcomeUnknown, "writing to disk failed: the change may be there or not, repeat the request")
}

extension ErrorReply {
  /// The first finding, and where the next ones are.
  private static func sentence(about causes: [Cause]) -> String {
    let first = causes[0]
    var text =
      first.message.hasPrefix(first.field)
      ? shown(first.message) : "\(shown(first.field)): \(shown(first.message))"
    let others = causes.dropFirst()
    guard !others.isEmpty else { return text }
    text += "; also wrong: " + others.prefix(3).map { shown($0.field) }.joined(separator: ", ")
    if others.count > 3 { text += " and \(others.count - 3) more" }
    return text
  }

  /// What a client sent, cut to what a sentence can bear.
  private static func shown(_ text: String) -> String {
    text.utf8.count <= 200 ? text : text.prefix(100) + "…"
  }
}

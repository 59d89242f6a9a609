/// Why a member of a request was refused: a stable name that clients may switch on.
package enum CauseReason: String, Sendable, Hashable, CaseIterable {
  case required = "Required"
  case invalid = "Invalid"
  case notSupported = "NotSupported"
  case duplicate = "Duplicate"
  case forbidden = "Forbidden"
  case unknown = "Unknown"
  case tooLong = "TooLong"
}

/// One finding about one member of a request or of the configuration.
package struct Cause: Sendable, Hashable {
  /// The path inside the params or the configuration: `spec.ipFamilies[1]`.
  package let field: String
  package let reason: CauseReason

  /// A sentence for a person: what was wrong, and what would be right.
  package let message: String

  package init(_ field: String, _ reason: CauseReason, _ message: String) {
    self.field = field
    self.reason = reason
    self.message = message
  }
}

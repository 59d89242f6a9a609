package import Addressing

/// What `ip.get` asks about.
package struct IPGetParams: MethodParams {
  /// A moment of the past.
  package enum Moment: Sendable, Hashable {
    case revision(UInt64)
    /// Milliseconds since 1970.
    case time(Int64)
  }

  package var ip: IPAddress

  /// Nil: now.
  package var at: Moment?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case ip, at
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var ip: IPAddress?
    while let key = decoder.next(Self.names) {
      switch key {
      case .ip: ip = decoder.address()
      case .at: at = decoder.moment()
      }
    }
    decoder.require("ip", isThere: ip != nil)
    try decoder.finish()
    guard let ip else { preconditionFailure("what is required was looked for") }
    self.ip = ip
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("ip", Schema.address, "The address to look at."),
    .optional(
      "at", ["oneOf": [Schema.revision, Schema.time]],
      "A revision or a time of the past; now when left out."),
  ]
}

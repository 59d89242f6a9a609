package import Addressing

/// What `ip.history` asks about.
package struct IPHistoryParams: MethodParams {
  package var ip: IPAddress
  package var limit: Int
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case ip, limit
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var ip: IPAddress?
    var page = ListPage()
    while let key = decoder.next(Self.names) {
      switch key {
      case .ip: ip = decoder.address()
      case .limit: page.readLimit(&decoder)
      }
    }
    decoder.require("ip", isThere: ip != nil)
    try decoder.finish()
    guard let ip else { preconditionFailure("what is required was looked for") }
    self.ip = ip
    limit = page.limit
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("ip", Schema.address, "The address to look at."),
    .optional("limit", Schema.ref("Limit"), "The most items; 500 when left out."),
  ]
}

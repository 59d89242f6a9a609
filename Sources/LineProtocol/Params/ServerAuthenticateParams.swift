/// The token that `server.authenticate` shows.
package struct ServerAuthenticateParams: MethodParams {
  package var token: String
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case token
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var token: String?
    while let key = decoder.next(Self.names) {
      switch key {
      case .token: token = decoder.string()
      }
    }
    decoder.require("token", isThere: token != nil)
    try decoder.finish()
    self.token = token ?? ""
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("token", Schema.text, "The token whose SHA-256 an access rule names.")
  ]
}

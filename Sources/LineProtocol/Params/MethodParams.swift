/// The params of one method: a plain value that decodes itself and describes itself.
package protocol MethodParams: Sendable {
  /// What may be given, in the order that documents show; without `deadline`, which every method
  /// takes.
  static var members: [SchemaMember] { get }

  /// Milliseconds since 1970 after which the request is not started any more.
  var deadline: Int64? { get }

  /// Reads params that are valid JSON: `object` is where theirs stands in `line`, nil when the
  /// request has none.
  ///
  /// Throws InvalidParams with every cause at once.
  init(line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits) throws(ErrorReply)
}

/// What `node.release` names.
package struct NodeReleaseParams: MethodParams {
  package var name: String

  /// Release the pods that hold addresses there, too.
  package var force: Bool
  package var ifRevision: UInt64?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name, force, ifRevision
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    force = false
    while let key = decoder.next(Self.names) {
      switch key {
      case .name: name = decoder.nameString()
      case .force: force = decoder.flag() ?? false
      case .ifRevision: ifRevision = decoder.revision()
      }
    }
    decoder.require("name", isThere: name != nil)
    try decoder.finish()
    guard let name else { preconditionFailure("what is required was looked for") }
    self.name = name
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("name", Schema.name, "The node's name."),
    .optional(
      "force", Schema.flag, "True: release the pods that hold addresses there in the same commit."),
    .optional("ifRevision", Schema.revision, "Applies to this generation only, else Conflict."),
  ]
}

/// What `node.get` names.
package struct NodeGetParams: MethodParams {
  package var name: String
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    while let key = decoder.next(Self.names) {
      switch key {
      case .name: name = decoder.nameString()
      }
    }
    decoder.require("name", isThere: name != nil)
    try decoder.finish()
    guard let name else { preconditionFailure("what is required was looked for") }
    self.name = name
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("name", Schema.name, "The node's name.")
  ]
}

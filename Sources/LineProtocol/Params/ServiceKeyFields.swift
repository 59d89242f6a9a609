/// The two members that name a Service, while they are read.
struct ServiceKeyFields {
  var namespace: String?
  var name: String?

  var key: (namespace: String, name: String)? {
    guard let namespace, let name else { return nil }
    return (namespace, name)
  }

  func require(_ decoder: inout ParamsDecoder) {
    decoder.require("namespace", isThere: namespace != nil)
    decoder.require("name", isThere: name != nil)
  }

  static let members: [SchemaMember] = [
    .required("namespace", Schema.name, "The Service's namespace."),
    .required("name", Schema.name, "The Service's name."),
  ]
}

/// What `service.release` names.
package struct ServiceReleaseParams: MethodParams {
  package var namespace: String
  package var name: String
  package var ifRevision: UInt64?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name, ifRevision
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var key = ServiceKeyFields()
    while let member = decoder.next(Self.names) {
      switch member {
      case .namespace: key.namespace = decoder.nameString()
      case .name: key.name = decoder.nameString()
      case .ifRevision: ifRevision = decoder.revision()
      }
    }
    key.require(&decoder)
    try decoder.finish()
    guard let key = key.key else { preconditionFailure("what is required was looked for") }
    (namespace, name) = key
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    ServiceKeyFields.members + [
      .optional("ifRevision", Schema.revision, "Applies to this generation only, else Conflict.")
    ]
}

/// What `service.get` names.
package struct ServiceGetParams: MethodParams {
  package var namespace: String
  package var name: String
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, name
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var key = ServiceKeyFields()
    while let member = decoder.next(Self.names) {
      switch member {
      case .namespace: key.namespace = decoder.nameString()
      case .name: key.name = decoder.nameString()
      }
    }
    key.require(&decoder)
    try decoder.finish()
    guard let key = key.key else { preconditionFailure("what is required was looked for") }
    (namespace, name) = key
    deadline = decoder.deadline
  }

  package static let members = ServiceKeyFields.members
}

/// What `service.list` shows: the Services of one namespace or of all, a page at a time.
package struct ServiceListParams: MethodParams {
  package var namespace: String?
  package var page: ListPage
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case namespace, limit
    case `continue`
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    page = ListPage()
    while let member = decoder.next(Self.names) {
      switch member {
      case .namespace: namespace = decoder.nameString()
      case .limit: page.readLimit(&decoder)
      case .continue: page.readContinue(&decoder)
      }
    }
    try decoder.finish()
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    [.optional("namespace", Schema.name, "Only those of this namespace.")] + ListPage.members
}

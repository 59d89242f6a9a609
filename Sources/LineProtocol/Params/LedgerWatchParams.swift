/// What `ledger.watch` asks for: records as they come, and those behind a revision before them.
package struct LedgerWatchParams: MethodParams {
  /// What a record is about.
  package enum Kind: String, Sendable, CaseIterable {
    case pod = "Pod"
    case service = "Service"
    case node = "Node"
    case range = "Range"
  }

  /// Which records are of interest; each restriction that is given must hold.
  package struct Filter: Sendable, Hashable {
    /// Nil: all of them.
    package var kinds: [Kind]?

    /// Pods and Services of this namespace; nil: of all, and what has none.
    package var namespace: String?

    /// The node itself, and the pods on it.
    package var node: String?

    package init() {}
  }

  /// Nil: from now on.
  package var after: UInt64?
  package var filter: Filter
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case after, filter
  }

  private enum FilterKey: String, CaseIterable {
    case kinds, namespace, node
  }

  private static let names = ParamNames<Key>()
  private static let filterNames = ParamNames<FilterKey>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    filter = Filter()
    while let key = decoder.next(Self.names) {
      switch key {
      case .after: after = decoder.revision()
      case .filter: filter = Self.readFilter(&decoder)
      }
    }
    try decoder.finish()
    deadline = decoder.deadline
  }

  private static func readFilter(_ decoder: inout ParamsDecoder) -> Filter {
    var filter = Filter()
    guard let outer = decoder.enterObject() else { return filter }
    defer { decoder.leaveObject(outer) }
    while let key = decoder.next(filterNames) {
      switch key {
      case .kinds: filter.kinds = decoder.choices(Kind.self)
      case .namespace: filter.namespace = decoder.nameString()
      case .node: filter.node = decoder.nameString()
      }
    }
    return filter
  }

  package static let members: [SchemaMember] = [
    .optional("after", Schema.revision, "Records behind this one first; from now when left out."),
    .optional(
      "filter",
      Schema.object([
        .optional(
          "kinds", Schema.list(Schema.choice("Pod", "Service", "Node", "Range")), "Only these."),
        .optional("namespace", Schema.name, "Only pods and Services of this namespace."),
        .optional("node", Schema.name, "Only this node and the pods on it."),
      ]), "What is of interest; everything when left out."),
  ]
}

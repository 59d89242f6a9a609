/// What `pod.list` shows: reservations that pass every filter given, a page at a time.
package struct PodListParams: MethodParams {
  package var node: String?
  package var namespace: String?
  package var network: String?

  /// Each of these labels must be there with this value; empty: any labels.
  package var labels: [String: String] = [:]
  package var page: ListPage
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case node, namespace, labels, network
    case limit
    case `continue`
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    page = ListPage()
    while let key = decoder.next(Self.names) {
      switch key {
      case .node: node = decoder.nameString()
      case .namespace: namespace = decoder.nameString()
      case .network: network = decoder.nameString()
      case .labels: labels = decoder.stringMap() ?? [:]
      case .limit: page.readLimit(&decoder)
      case .continue: page.readContinue(&decoder)
      }
    }
    try decoder.finish()
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] =
    [
      .optional("node", Schema.name, "Only those on this node."),
      .optional("namespace", Schema.name, "Only those of this namespace."),
      .optional("labels", Schema.labels, "Only those with all of these labels."),
      .optional("network", Schema.name, "Only those of this network."),
    ] + ListPage.members
}

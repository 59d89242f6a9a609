/// Which part of a list is asked for.
package struct ListPage: Sendable, Hashable {
  /// 1 to 1,000 items.
  package var limit = 500

  /// What the page before answered as `continue`; nil: from the start.
  package var `continue`: String?

  package init() {}

  package static let mostItems = 1000

  mutating func readLimit(_ decoder: inout ParamsDecoder) {
    if let limit = decoder.integer(in: 1...Self.mostItems) { self.limit = limit }
  }

  /// An empty token is the start, as in Kubernetes.
  mutating func readContinue(_ decoder: inout ParamsDecoder) {
    if let token = decoder.string(), !token.isEmpty { self.continue = token }
  }

  static let members: [SchemaMember] = [
    .optional("limit", Schema.ref("Limit"), "The most items of one page; 500 when left out."),
    .optional("continue", Schema.text, "Where the page before ended: its `continue`."),
  ]
}

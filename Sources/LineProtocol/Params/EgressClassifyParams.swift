package import Addressing

/// What `egress.classify` asks about: a packet, by its two addresses.
package struct EgressClassifyParams: MethodParams {
  package var source: IPAddress

  /// Of the source's family.
  package var destination: IPAddress
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case source, destination
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var source: IPAddress?
    var destination: IPAddress?
    while let key = decoder.next(Self.names) {
      switch key {
      case .source: source = decoder.address()
      case .destination: destination = decoder.address()
      }
    }
    decoder.require("source", isThere: source != nil)
    decoder.require("destination", isThere: destination != nil)
    if let source, let destination, source.family != destination.family {
      decoder.add(
        "destination", .invalid,
        "destination is \(destination.family.name), but the source \(source.family.name)")
    }
    try decoder.finish()
    guard let source, let destination else {
      preconditionFailure("what is required was looked for")
    }
    self.source = source
    self.destination = destination
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("source", Schema.address, "Who sends."),
    .required("destination", Schema.address, "Where to; of the source's family."),
  ]
}

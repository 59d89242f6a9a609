internal import Addressing

/// What `range.explain` is asked about: a range, or a request that would need some.
package struct RangeExplainParams: MethodParams {
  package enum Subject: Sendable, Hashable {
    case range(RangeGetParams.Target)

    /// A request's method and where its params stand in the line.
    case request(method: String, params: Range<Int>?)
  }

  package var subject: Subject
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name, cidr, request
  }

  private enum RequestKey: String, CaseIterable {
    case method, params
  }

  private static let names = ParamNames<Key>()
  private static let requestNames = ParamNames<RequestKey>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    var cidr: CIDR?
    var given: [Key] = []
    var request: Subject?
    while let key = decoder.next(Self.names) {
      given.append(key)
      switch key {
      case .name: name = decoder.nameString()
      case .cidr: cidr = decoder.cidr()
      case .request: request = Self.readRequest(&decoder)
      }
    }
    if given.isEmpty {
      decoder.add("name", .required, "either name, cidr or request is required")
    }
    for extra in given.dropFirst() {
      decoder.forbid(extra.rawValue, isThere: true, with: given[0].rawValue)
    }
    try decoder.finish()
    if let request {
      subject = request
    } else if let cidr {
      subject = .range(.cidr(cidr))
    } else {
      subject = .range(.name(name ?? ""))
    }
    deadline = decoder.deadline
  }

  private static func readRequest(_ decoder: inout ParamsDecoder) -> Subject? {
    guard let outer = decoder.enterObject() else { return nil }
    defer { decoder.leaveObject(outer) }
    var method: String?
    var params: Range<Int>?
    while let key = decoder.next(requestNames) {
      switch key {
      case .method: method = decoder.string()
      case .params:
        guard decoder.expect(.object, "is an object, with members by name") else { continue }
        let start = decoder.reader.position
        decoder.skip()
        params = start..<decoder.reader.position
      }
    }
    decoder.require(decoder.inner("method"), isThere: method != nil)
    return method.map { .request(method: $0, params: params) }
  }

  package static let members: [SchemaMember] = [
    .optional("name", Schema.name, "The range of this name."),
    .optional("cidr", Schema.cidr, "The range with this CIDR, or a node's block."),
    .optional(
      "request",
      Schema.object([
        .required(
          "method",
          Schema.choice("pod.reserve", "service.reserve", "service.update", "node.register"),
          "What would be called."),
        .optional("params", ["type": "object"], "Its params."),
      ]), "A request: would it succeed, and what has it to do with its ranges."),
  ]
}

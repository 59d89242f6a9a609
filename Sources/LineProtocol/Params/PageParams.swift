/// What a list without filters takes: which page.
package struct PageParams: MethodParams {
  package var page: ListPage
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
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
      case .limit: page.readLimit(&decoder)
      case .continue: page.readContinue(&decoder)
      }
    }
    try decoder.finish()
    deadline = decoder.deadline
  }

  package static let members = ListPage.members
}

/// What a method takes that needs nothing told.
package struct NoParams: MethodParams {
  package var deadline: Int64?

  /// No names at all.
  private enum Key: RawRepresentable, CaseIterable {
    static let allCases: [Key] = []

    init?(rawValue: String) { nil }

    var rawValue: String {
      switch self {}
    }
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    while decoder.next(Self.names) != nil {}
    try decoder.finish()
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = []
}

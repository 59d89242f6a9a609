internal import Addressing

/// What `transaction` asks for: calls that happen all together or not at all.
package struct TransactionParams: MethodParams {
  /// One call; its params are read when its turn comes.
  package struct Operation: Sendable, Hashable {
    package let method: JSONText
    package let params: Range<Int>?
  }

  package var operations: [Operation]
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case ops
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var operations: [Operation]?
    var firstWrong: Int?
    while let key = decoder.next(Self.names) {
      switch key {
      case .ops: operations = Self.readOperations(&decoder, &firstWrong)
      }
    }
    decoder.require("ops", isThere: operations != nil)
    do throws(ErrorReply) {
      try decoder.finish()
    } catch {
      throw firstWrong.map(error.about(operation:)) ?? error
    }
    guard let operations else { preconditionFailure("what is required was looked for") }
    self.operations = operations
    deadline = decoder.deadline
  }

  /// - Parameter firstWrong: the first element that is no call.
  private static func readOperations(
    _ decoder: inout ParamsDecoder, _ firstWrong: inout Int?
  ) -> [Operation]? {
    guard decoder.enterList() else { return nil }
    var operations: [Operation] = []
    var index = 0
    while decoder.reader.nextElement() {
      let found = decoder.causeCount
      if index >= decoder.limits.batch {
        decoder.reader.skip()
      } else if let operation = readOperation(index, &decoder) {
        operations.append(operation)
      }
      if decoder.causeCount > found { firstWrong = firstWrong ?? index }
      index += 1
    }
    if index > decoder.limits.batch {
      decoder.add(.tooLong, "ops has more than \(decoder.limits.batch) elements")
    } else if index == 0 {
      decoder.add(.invalid, "ops is empty: a transaction does something")
    }
    return operations
  }

  private enum OperationKey: String, CaseIterable {
    case method, params
  }

  private static let operationNames = ParamNames<OperationKey>()

  private static func readOperation(
    _ index: Int, _ decoder: inout ParamsDecoder
  ) -> Operation? {
    guard let outer = decoder.enterElement(index) else { return nil }
    defer { decoder.leaveObject(outer) }
    var method: JSONText?
    var params: Range<Int>?
    while let key = decoder.next(operationNames) {
      switch key {
      case .method: method = decoder.text()
      case .params:
        guard decoder.expect(.object, "is an object, with members by name") else { continue }
        let start = decoder.reader.position
        decoder.skip()
        params = start..<decoder.reader.position
      }
    }
    decoder.require(decoder.inner("method"), isThere: method != nil)
    return method.map { Operation(method: $0, params: params) }
  }

  package static let members: [SchemaMember] = [
    .required(
      "ops",
      Schema.list(
        Schema.object([
          .required(
            "method",
            Schema.choice(
              "pod.reserve", "pod.release", "service.reserve", "service.update",
              "service.release", "node.register", "node.release"),
            "What is called."),
          .optional("params", ["type": "object"], "Its params, without deadline and dryRun."),
        ])),
      "The calls in their order; later ones see what earlier ones do.")
  ]
}

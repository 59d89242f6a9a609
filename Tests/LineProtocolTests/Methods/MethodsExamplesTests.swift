import Foundation
import LineProtocol
import Testing

/// Holds the exchanges in `proto-spec/examples` against the params and schemas, without a daemon.
@Suite("proto-spec/examples")
struct MethodsExamplesTests {
  private static let check = SchemaCheck(
    components: OpenRPC.value(version: "1", limits: ProtocolLimits())["components"]?["schemas"]
      ?? [:])

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "proto-spec/examples")

  /// One request with its answer.
  struct Exchange: CustomTestStringConvertible {
    let file: String
    let method: Method
    let params: JSONValue
    let answer: JSONValue

    var testDescription: String { "\(file): \(method.name) \(params)" }
  }

  /// The exchanges whose request is one of a known method with params of the right kind.
  private static let exchanges: [Exchange] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".jsonl") }.sorted().flatMap { exchanges(in: $0) }
  }()

  private static func exchanges(in file: String) -> [Exchange] {
    let text = (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
    var exchanges: [Exchange] = []
    var request: JSONValue?
    for line in text.split(separator: "\n") {
      let value = value(String(line.dropFirst(2)))
      if line.hasPrefix("→ ") {
        request = value
      } else if line.hasPrefix("← "), let request, let value,
        case .string(let name) = request["method"], let method = named(name),
        case .object = request["params"] ?? [:]
      {
        exchanges.append(
          Exchange(file: file, method: method, params: request["params"] ?? [:], answer: value))
      }
    }
    return exchanges
  }

  private static func named(_ name: String) -> Method? {
    Method(Array(name.utf8).span)
  }

  /// The value that `text` spells, with an example in place of every placeholder.
  private static func value(_ text: String) -> JSONValue? {
    let object = try? JSONSerialization.jsonObject(
      with: Data(text.utf8), options: .fragmentsAllowed)
    return object.flatMap { try? value($0) }
  }

  private static func value(_ object: Any) throws -> JSONValue {
    switch object {
    case let text as String: filled(text)
    case let items as [Any]: .array(try items.map { try value($0) })
    case let members as [String: Any]:
      .object(
        try members.map { JSONValue.Member($0.key, try value($0.value)) }
          .sorted { $0.name < $1.name })
    case let flag as NSNumber where String(cString: flag.objCType) == "c": .bool(flag.boolValue)
    case let number as NSNumber: .int(number.int64Value)
    default: .null
    }
  }

  private static func filled(_ text: String) -> JSONValue {
    guard text.hasPrefix("<"), text.hasSuffix(">") else { return .string(text) }
    switch text.dropFirst().dropLast().prefix(while: { $0 != ":" }) {
    case "int", "number": return 7
    case "digits": return "7"
    case "ip", "ipv4": return "192.0.2.7"
    case "ipv6": return "2001:db8::7"
    case "time": return "2026-01-02T03:04:05.678Z"
    default: return .string(text)
    }
  }

  @Test func `there are examples of every method that changes something`() {
    let shown = Set(Self.exchanges.map(\.method))
    for method in Method.allCases where method.isChange {
      #expect(shown.contains(method), "\(method.name)")
    }
  }

  @Test(arguments: exchanges)
  func `a result fits its schema`(exchange: Exchange) {
    guard let result = exchange.answer["result"], result != "<any>" else { return }
    guard exchange.method != .discover else { return }
    #expect(Self.check.findings(result, exchange.method.row.result.schema) == [])
  }

  @Test(arguments: exchanges)
  func `params are refused as the example says`(exchange: Exchange) {
    let found = Self.causes(exchange.method.row.params, exchange.params)
    guard exchange.answer["error"]?["data"]?["reason"] == "InvalidParams" else {
      #expect(found == [])
      return
    }
    guard !found.isEmpty, case .array(let causes) = exchange.answer["error"]?["data"]?["causes"]
    else { return }
    let told = causes.compactMap { cause -> String? in
      guard case .string(let field) = cause["field"], case .string(let reason) = cause["reason"]
      else { return nil }
      return "\(field) \(reason)"
    }
    #expect(found.sorted() == told.sorted())
  }

  private static func causes<Params: MethodParams>(
    _ type: Params.Type, _ params: JSONValue
  ) -> [String] {
    LineProtocolTests.causes(type, String(decoding: params.encoded(.line), as: UTF8.self))
  }
}

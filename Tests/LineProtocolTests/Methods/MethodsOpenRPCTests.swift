import Foundation
import LineProtocol
import Testing

/// `IPLEDGER_WRITE_OPENRPC=1 swift test --filter MethodsOpenRPCTests` writes the file anew.
@Suite("OpenRPC")
struct MethodsOpenRPCTests {
  private static let document = OpenRPC.value(
    version: ProtocolVersion.text, limits: ProtocolLimits())
  private static let check = SchemaCheck(components: document["components"]?["schemas"] ?? [:])

  private static let file = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "proto-spec/openrpc.json")

  @Test func `the file in proto-spec is the document`() throws {
    let pages = Data(OpenRPC.pages(limits: ProtocolLimits()))
    if ProcessInfo.processInfo.environment["IPLEDGER_WRITE_OPENRPC"] == "1" {
      try pages.write(to: Self.file)
    }
    let isSame = try Data(contentsOf: Self.file) == pages
    #expect(isSame, "openrpc.json is out of date: see this suite's comment")
  }

  @Test func `both layouts are the same JSON`() throws {
    let limits = ProtocolLimits()
    let line = try JSONSerialization.jsonObject(with: Data(OpenRPC.document(limits: limits)))
    let pages = try JSONSerialization.jsonObject(with: Data(OpenRPC.pages(limits: limits)))
    #expect(try #require(line as? NSDictionary) == #require(pages as? NSDictionary))
    #expect(!OpenRPC.document(limits: limits).contains(UInt8(ascii: "\n")))
  }

  @Test func `the document has what OpenRPC asks for`() throws {
    #expect(Self.document["openrpc"] == "1.3.2")
    #expect(Self.document["info"]?["version"] == .string(ProtocolVersion.text))
    guard case .array(let methods) = Self.document["methods"] else {
      Issue.record("there are no methods")
      return
    }
    #expect(methods.map { $0["name"] } == Method.table.map { JSONValue.string($0.name) })
    guard case .object(let errors) = Self.document["components"]?["errors"] else {
      Issue.record("there are no errors")
      return
    }
    #expect(errors.map(\.name) == ErrorReason.allCases.map(\.rawValue))
  }

  @Test(arguments: Method.allCases)
  func `every reference leads somewhere`(method: Method) throws {
    let index = Int(method.rawValue)
    guard case .array(let methods) = Self.document["methods"] else {
      Issue.record("there are no methods")
      return
    }
    for reference in Self.references(methods[index]) {
      let parts = reference.split(separator: "/")
      #expect(parts.first == "#")
      let target = parts.dropFirst().reduce(Self.document) { $0?[String($1)] }
      #expect(target != nil, "\(reference)")
    }
  }

  @Test(arguments: Method.allCases)
  func `a method's errors have a code each`(method: Method) {
    let codes = method.row.errors.map(\.code)
    #expect(Set(codes).count == codes.count)
  }

  @Test(arguments: Method.allCases)
  func `examples fit their schemas and are taken as params`(method: Method) throws {
    let params = Schema.object(method.row.params.members)
    for example in OpenRPC.examples(of: method) {
      #expect(Self.check.findings(example.params, params) == [])
      #expect(Self.check.findings(example.result, method.row.result.schema) == [])
      #expect(Self.causes(method.row.params, example.params) == [])
    }
  }

  private static func causes<Params: MethodParams>(
    _ type: Params.Type, _ params: JSONValue
  ) -> [String] {
    LineProtocolTests.causes(type, String(decoding: params.encoded(.line), as: UTF8.self))
  }

  @Test(arguments: Method.allCases)
  func `params know the members that the document shows`(method: Method) {
    func unknown<Params: MethodParams>(_ type: Params.Type) -> [String] {
      let members = type.members.map { #""\#($0.name)":0"# }.joined(separator: ",")
      return LineProtocolTests.causes(type, "{\(members)}").filter { $0.hasSuffix("Unknown") }
    }
    #expect(unknown(method.row.params) == [])
  }

  @Test(arguments: Method.allCases)
  func `params ask for the members that the document calls required`(method: Method) {
    func required<Params: MethodParams>(_ type: Params.Type) -> [String] {
      LineProtocolTests.causes(type, "{}").map { String($0.dropLast(" Required".count)) }
    }
    let either: [Method] = [
      .podRelease, .podGet, .rangeGet, .rangeDrain, .rangeRemove, .rangeExplain,
    ]
    guard !either.contains(method) else { return }
    #expect(
      Set(required(method.row.params))
        == Set(method.row.params.members.filter(\.isRequired).map(\.name)))
  }

  private static func references(_ value: JSONValue) -> [String] {
    switch value {
    case .array(let items): items.flatMap { references($0) }
    case .object(let members):
      members.flatMap { member -> [String] in
        if member.name == "$ref", case .string(let reference) = member.value { return [reference] }
        return references(member.value)
      }
    case .null, .bool, .int, .string: []
    }
  }
}

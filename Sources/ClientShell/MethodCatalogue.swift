package import IPLedgerClient

/// The methods of a daemon and their params, as its `rpc.discover` tells them.
package struct MethodCatalogue: Sendable, Hashable {
  /// What a value of a param is written as.
  enum Kind: Sendable, Hashable {
    case text, number, flag, list, object
  }

  /// One param of a method.
  struct Param: Sendable, Hashable {
    let name: String
    let summary: String
    let isRequired: Bool
    let kind: Kind

    /// The only values that there are; empty: any.
    let choices: [String]
  }

  /// One method.
  struct Method: Sendable, Hashable {
    let name: String
    let summary: String
    let params: [Param]
  }

  /// By name.
  let methods: [Method]

  /// Reads an OpenRPC document; what is not understood of it is left out.
  package init(_ document: JSON) {
    methods = (document["methods"]?.array ?? []).compactMap { method -> Method? in
      guard let name = method["name"]?.string else { return nil }
      let params = (method["params"]?.array ?? []).compactMap { Self.param($0, in: document) }
      return Method(name: name, summary: method["summary"]?.string ?? "", params: params)
    }
    .sorted { $0.name < $1.name }
  }

  func method(_ name: String) -> Method? { methods.first { $0.name == name } }

  private static func param(_ param: JSON, in document: JSON) -> Param? {
    let param = resolved(param, in: document)
    guard let name = param["name"]?.string else { return nil }
    let schema = resolved(param["schema"] ?? [:], in: document)
    return Param(
      name: name, summary: param["description"]?.string ?? "",
      isRequired: param["required"]?.bool ?? false, kind: kind(schema),
      choices: schema["enum"]?.strings ?? [])
  }

  private static func kind(_ schema: JSON) -> Kind {
    switch schema["type"]?.string {
    case "integer", "number": .number
    case "boolean": .flag
    case "array": .list
    case "string": .text
    default: schema["type"] == nil && schema["properties"] == nil ? .text : .object
    }
  }

  /// What a `$ref` points to; a reference to a reference is followed a few times.
  private static func resolved(_ value: JSON, in document: JSON) -> JSON {
    var value = value
    for _ in 0..<8 {
      guard let path = value["$ref"]?.string else { break }
      value = path.split(separator: "/").dropFirst().reduce(document) { part, name in
        part[String(name)] ?? .null
      }
    }
    return value
  }
}

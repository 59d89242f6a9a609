/// A result that was written elsewhere.
package struct RawResult: MethodResult {
  private let json: [UInt8]

  /// - Parameter json: one JSON value.
  package init(json: [UInt8]) { self.json = json }

  package func append(to writer: inout JSONWriter) { writer.value(json: json.span) }

  package static var schema: JSONValue { [:] }
}

/// What `rpc.discover` answers: the OpenRPC document of this server.
package struct DiscoverResult: MethodResult {
  /// The document's bytes, without a newline.
  package var document: [UInt8]

  package init(document: [UInt8]) {
    self.document = document
  }

  package func append(to writer: inout JSONWriter) {
    writer.value(json: document.span)
  }

  package static var schema: JSONValue { ["type": "object"] }
}

package import Addressing

/// One address of a pod, with what its interface needs to be set up.
package struct PodAddress: Sendable, Hashable {
  package var ip: IPAddress
  package var prefixLength: Int

  /// Nil when the daemon keeps no gateway free.
  package var gateway: IPAddress?

  package init(ip: IPAddress, prefixLength: Int, gateway: IPAddress?) {
    self.ip = ip
    self.prefixLength = prefixLength
    self.gateway = gateway
  }
}

/// What `pod.reserve` answers.
///
/// Writing it makes no String and no array.
package struct PodReserveResult: Sendable {
  package var first: PodAddress
  package var second: PodAddress?

  /// Whether the owner held these addresses already.
  package var existing: Bool

  /// The reservation's generation.
  package var revision: UInt64

  package init(first: PodAddress, second: PodAddress?, existing: Bool, revision: UInt64) {
    self.first = first
    self.second = second
    self.existing = existing
    self.revision = revision
  }

  /// Writes the whole answer without a newline; `node` is the node's name in UTF-8.
  package func appendAnswer(to writer: inout JSONWriter, id: RequestID, node: Span<UInt8>) {
    writer.beginAnswer(id: id)
    append(to: &writer, node: node)
    writer.endAnswer()
  }

  /// Writes the value of `result`.
  package func append(to writer: inout JSONWriter, node: Span<UInt8>) {
    writer.beginObject()
    writer.member("podIP", first.ip)
    writer.name("podIPs")
    writer.beginArray()
    writer.value(first.ip)
    if let second { writer.value(second.ip) }
    writer.endArray()
    writer.name("prefixLengths")
    writer.beginArray()
    writer.value(first.prefixLength)
    if let second { writer.value(second.prefixLength) }
    writer.endArray()
    appendGateways(to: &writer)
    writer.name("node")
    writer.value(utf8: node)
    writer.member("existing", existing)
    writer.member("revision", revision)
    writer.endObject()
  }

  private func appendGateways(to writer: inout JSONWriter) {
    guard first.gateway != nil || second?.gateway != nil else { return }
    writer.name("gateways")
    writer.beginArray()
    if let gateway = first.gateway { writer.value(gateway) }
    if let gateway = second?.gateway { writer.value(gateway) }
    writer.endArray()
  }
}

extension PodReserveResult: MethodDescription {
  package static var schema: JSONValue {
    Schema.object([
      .required("podIP", Schema.address, "The first of podIPs."),
      .required("podIPs", Schema.list(Schema.address, atMost: 2), "One per family, in order."),
      .required("prefixLengths", Schema.list(Schema.count, atMost: 2), "As podIPs."),
      .optional(
        "gateways", Schema.list(Schema.address, atMost: 2),
        "As podIPs; absent when the daemon keeps none free."),
      .required("node", Schema.name, "The node that the addresses belong to."),
      .required("existing", Schema.flag, "Whether the owner held them already."),
      .required("revision", Schema.revision, "The reservation's generation."),
    ])
  }
}

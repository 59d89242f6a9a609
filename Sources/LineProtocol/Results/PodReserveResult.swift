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
    let most = OutputSpan<UInt8>.answerBytes + id.mostBytes + mostBytes(node)
    writer.write(atMost: most) { output in
      output.writeAnswerStart(id)
      write(to: &output, node: node)
      output.writeAnswerEnd()
    }
  }

  /// Writes the value of `result`.
  package func append(to writer: inout JSONWriter, node: Span<UInt8>) {
    writer.write(atMost: mostBytes(node)) { write(to: &$0, node: node) }
  }

  /// Five addresses, two lengths and a revision, with 150 bytes of names and marks around them.
  private func mostBytes(_ node: Span<UInt8>) -> Int {
    5 * OutputSpan<UInt8>.mostAddressBytes + 3 * OutputSpan<UInt8>.mostDigits + 150
      + OutputSpan<UInt8>.mostStringBytes(of: node)
  }

  private func write(to output: inout OutputSpan<UInt8>, node: Span<UInt8>) {
    output.write(#"{"podIP":"#)
    let start = output.count
    output.write(first.ip)
    let text = start..<output.count
    output.write(#","podIPs":["#)
    output.repeat(text)
    if let second {
      output.append(UInt8(ascii: ","))
      output.write(second.ip)
    }
    output.write(#"],"prefixLengths":["#)
    output.write(decimal: UInt64(first.prefixLength))
    if let second {
      output.append(UInt8(ascii: ","))
      output.write(decimal: UInt64(second.prefixLength))
    }
    output.append(UInt8(ascii: "]"))
    writeGateways(to: &output)
    output.write(#","node":"#)
    output.write(string: node)
    output.write(#","existing":"#)
    output.write(existing)
    output.write(#","revision":"#)
    output.write(decimal: revision)
    output.append(UInt8(ascii: "}"))
  }

  private func writeGateways(to output: inout OutputSpan<UInt8>) {
    guard first.gateway != nil || second?.gateway != nil else { return }
    output.write(#","gateways":["#)
    if let gateway = first.gateway {
      output.write(gateway)
      if second?.gateway != nil { output.append(UInt8(ascii: ",")) }
    }
    if let gateway = second?.gateway { output.write(gateway) }
    output.append(UInt8(ascii: "]"))
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

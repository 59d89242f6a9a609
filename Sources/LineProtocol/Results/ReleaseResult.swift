package import Addressing

/// What releasing one pod reservation answers.
///
/// Writing it makes no String and no array.
package struct PodReleaseResult: MethodResult {
  /// What was held until now; empty when nothing was.
  package var released: IPPair

  /// That of the record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: IPPair, revision: UInt64) {
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.write(atMost: Self.mostBytes) { write(to: &$0) }
  }

  package func appendAnswer(to writer: inout JSONWriter, id: RequestID) {
    let most = OutputSpan<UInt8>.answerBytes + id.mostBytes + Self.mostBytes
    writer.write(atMost: most) { output in
      output.writeAnswerStart(id)
      write(to: &output)
      output.writeAnswerEnd()
    }
  }

  /// Two addresses and a revision, with 40 bytes of names and marks around them.
  private static let mostBytes =
    2 * OutputSpan<UInt8>.mostAddressBytes + OutputSpan<UInt8>.mostDigits + 40

  private func write(to output: inout OutputSpan<UInt8>) {
    output.write(#"{"released":["#)
    if let first = released.first { output.write(first) }
    if let second = released.second {
      output.append(UInt8(ascii: ","))
      output.write(second)
    }
    output.write(#"],"revision":"#)
    output.write(decimal: revision)
    output.append(UInt8(ascii: "}"))
  }

  package static var schema: JSONValue { ReleaseResult.schema }
}

/// What releasing any number of addresses answers.
package struct ReleaseResult: MethodResult {
  /// What was held until now; empty when nothing was.
  package var released: [IPAddress]

  /// That of the last record, or the ledger's newest when there is none.
  package var revision: UInt64

  package init(released: [IPAddress], revision: UInt64) {
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("released", released)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required(
        "released", Schema.list(Schema.address), "What was held until now; [] when nothing was."),
      .required("revision", Schema.revision, "That of the last record written."),
    ])
  }
}

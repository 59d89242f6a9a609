/// Says what the value of an answer's `result` looks like.
package protocol MethodDescription: Sendable {
  static var schema: JSONValue { get }
}

/// What a method answers: a plain value that writes itself and describes itself.
package protocol MethodResult: MethodDescription {
  /// Writes the value of the answer's `result` member.
  func append(to writer: inout JSONWriter)

  /// Writes the whole answer, `{"jsonrpc":"2.0","id":…,"result":…}`, without a newline: in a batch
  /// a comma follows instead.
  func appendAnswer(to writer: inout JSONWriter, id: RequestID)
}

extension MethodResult {
  package func appendAnswer(to writer: inout JSONWriter, id: RequestID) {
    writer.beginAnswer(id: id)
    append(to: &writer)
    writer.endAnswer()
  }
}

extension JSONWriter {
  /// Opens the answer to `id` up to where the result's value goes.
  mutating func beginAnswer(id: RequestID) {
    write(atMost: OutputSpan<UInt8>.answerBytes &+ id.mostBytes, needsComma: false) { output in
      output.writeAnswerStart(id)
    }
  }

  mutating func endAnswer() {
    endObject()
  }
}

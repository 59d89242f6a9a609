internal import LineProtocol

extension JSON {
  /// This object with a deadline, unless it has one; milliseconds since 1970.
  package func withDeadline(_ time: Int64) -> JSON {
    guard case .object(let members) = self, self["deadline"] == nil else { return self }
    var writer = JSONWriter()
    writer.value(time: time)
    let text = String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
    return .object(members + [Member("deadline", .string(text))])
  }
}

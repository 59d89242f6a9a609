/// What a client calls its request, and so the answer.
package enum RequestID: Sendable, Hashable {
  case null
  case int(Int64)

  /// A number above the largest `Int64`.
  case unsigned(UInt64)

  /// A string as the client spelled it, quotation marks included: it comes back byte for byte.
  case string([UInt8])

  /// Reads the value that comes next; nil when that is no ID, in which case it is passed, too.
  init?(_ reader: inout JSONReader, in line: Span<UInt8>) {
    let start = reader.position
    switch reader.kind {
    case .null:
      reader.skip()
      self = .null
    case .string:
      reader.skip()
      var json: [UInt8] = []
      json.append(line.extracting(start..<reader.position))
      self = .string(json)
    case .number:
      if let number = reader.integer() {
        self = .int(number)
        return
      }
      var again = JSONReader(line, at: start)
      guard let number = again.unsigned() else { return nil }
      self = .unsigned(number)
    case .bool, .array, .object:
      reader.skip()
      return nil
    }
  }
}

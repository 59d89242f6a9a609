internal import LineProtocol

/// Why bytes are no JSON value.
public struct JSONTextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was wrong, for a person.
  public let message: String

  /// Where, as a 0-based byte.
  public let offset: Int

  public var description: String { "\(message) at byte \(offset)" }
}

extension JSON {
  /// The most levels of arrays and objects that are read.
  private static var mostDepth: Int { 128 }

  /// Reads one value; around it there may be white space.
  ///
  /// Throws when the bytes are not JSON by RFC 8259, name a member twice, or nest deeper than 128.
  public init(bytes: [UInt8]) throws(JSONTextError) {
    let outline: JSONOutline
    do throws(JSONFailure) {
      outline = try JSONChecker.check(bytes.span, mostDepth: Self.mostDepth)
    } catch {
      throw JSONTextError(message: error.fault.message, offset: error.offset)
    }
    guard !outline.isTooDeep else {
      throw JSONTextError(message: "more than \(Self.mostDepth) levels of nesting", offset: 0)
    }
    guard !outline.value.isEmpty else {
      throw JSONTextError(message: "a value was expected", offset: bytes.count)
    }
    var reader = JSONReader(bytes.span, at: 0)
    self = Self.read(from: &reader, bytes)
  }

  /// Reads one value from text.
  public init(text: String) throws(JSONTextError) { try self.init(bytes: Array(text.utf8)) }

  /// The value on one line, without white space.
  public var bytes: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// The same as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  private static func read(from reader: inout JSONReader, _ line: [UInt8]) -> JSON {
    switch reader.kind {
    case .null:
      reader.skip()
      return .null
    case .bool: return .bool(reader.bool())
    case .string: return .string(text(reader.text(), of: line))
    case .number:
      let start = reader.position
      if let number = reader.integer() { return .int(number) }
      return .number(String(decoding: line[start..<reader.position], as: UTF8.self))
    case .array:
      var elements: [JSON] = []
      reader.enter()
      while reader.nextElement() { elements.append(read(from: &reader, line)) }
      return .array(elements)
    case .object:
      var members: [Member] = []
      reader.enter()
      while let key = reader.nextKey() {
        members.append(Member(text(key, of: line), read(from: &reader, line)))
      }
      return .object(members)
    }
  }

  private static func text(_ text: JSONText, of line: [UInt8]) -> String {
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line.span)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.value(json: Array("null".utf8).span)
    case .bool(let value): writer.value(value)
    case .int(let number): writer.value(number)
    case .number(let text): writer.value(json: Array(text.utf8).span)
    case .string(let text): writer.value(text)
    case .array(let elements):
      writer.beginArray()
      for element in elements { element.write(to: &writer) }
      writer.endArray()
    case .object(let members):
      writer.beginObject()
      for member in members {
        writer.name(member.name)
        member.value.write(to: &writer)
      }
      writer.endObject()
    }
  }
}

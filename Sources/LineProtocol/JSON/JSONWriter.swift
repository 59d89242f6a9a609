package import Addressing

/// Writes JSON into bytes, with the commas that it needs.
///
/// Nothing is allocated beyond growing `bytes`. What is opened must be closed, and each name is
/// followed by one value: that is up to the caller.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  /// Whether a value stands before, in the same object, array or line.
  private var needsComma = false

  package init() {}

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Ends a line.
  package mutating func newline() { end(UInt8(ascii: "\n"), needsComma: false) }

  /// Starts anew.
  package mutating func removeAll(keepingCapacity: Bool = false) {
    bytes.removeAll(keepingCapacity: keepingCapacity)
    needsComma = false
  }

  private mutating func begin(_ bracket: UInt8) {
    write(atMost: 1, needsComma: false) { $0.append(bracket) }
  }

  private mutating func end(_ byte: UInt8, needsComma: Bool = true) {
    bytes.append(byte)
    self.needsComma = needsComma
  }

  /// A comma where one is due, and what `body` writes: no more than `count` bytes.
  ///
  /// Room is made once, so that hot answers are written by one call.
  @inline(__always)
  mutating func write(
    atMost count: Int, needsComma isNext: Bool = true, _ body: (inout OutputSpan<UInt8>) -> Void
  ) {
    let needsComma = needsComma
    bytes.append(addingCapacity: count &+ 1) { output in
      if needsComma { output.append(UInt8(ascii: ",")) }
      body(&output)
    }
    self.needsComma = isNext
  }
}

/// The name of an object's member, whose value comes next.
extension JSONWriter {
  /// A name that needs no escapes.
  package mutating func name(_ name: StaticString) {
    write(atMost: name.utf8CodeUnitCount &+ 3, needsComma: false) { output in
      output.append(UInt8(ascii: "\""))
      output.write(name)
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
    }
  }

  // Literals are meant to be static strings.
  @_disfavoredOverload
  package mutating func name(_ name: String) {
    self.name(utf8: name.utf8Span.span)
  }

  /// A name in valid UTF-8.
  package mutating func name(utf8 name: Span<UInt8>) {
    value(utf8: name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }
}

extension JSONWriter {
  package mutating func value(_ text: String) {
    value(utf8: text.utf8Span.span)
  }

  /// A string in valid UTF-8.
  package mutating func value(utf8 text: Span<UInt8>) {
    write(atMost: OutputSpan<UInt8>.mostStringBytes(of: text)) { $0.write(string: text) }
  }

  package mutating func value(_ value: Bool) {
    write(atMost: 5) { $0.write(value) }
  }

  package mutating func value(_ number: Int) { value(Int64(number)) }

  package mutating func value(_ number: Int64) {
    write(atMost: OutputSpan<UInt8>.mostDigits) { output in
      if number < 0 { output.append(UInt8(ascii: "-")) }
      output.write(decimal: number.magnitude)
    }
  }

  package mutating func value(_ number: UInt64) {
    write(atMost: OutputSpan<UInt8>.mostDigits) { $0.write(decimal: number) }
  }

  package mutating func value(_ address: IPAddress) {
    write(atMost: OutputSpan<UInt8>.mostAddressBytes) { $0.write(address) }
  }

  package mutating func value(_ block: CIDR) {
    write(atMost: OutputSpan<UInt8>.mostAddressBytes) { $0.write(block.text) }
  }

  /// A time, from milliseconds since 1970.
  package mutating func value(time: Int64) {
    write(atMost: 1) { $0.append(UInt8(ascii: "\"")) }
    RFC3339.append(time, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func value(_ id: RequestID) {
    write(atMost: id.mostBytes) { $0.write(id) }
  }

  /// Bytes that are one JSON value already.
  package mutating func value(json: Span<UInt8>) {
    write(atMost: json.count) { $0.write(json) }
  }
}

internal import Addressing

/// Single values: each reads the current member's value, and is nil, with a cause, when it is
/// wrong.
extension ParamsDecoder {
  @_lifetime(self: copy self) @inline(__always)
  mutating func text() -> JSONText? {
    guard expect(.string, "is a string") else { return nil }
    return reader.text()
  }

  /// A string of any content.
  @_lifetime(self: copy self)
  mutating func string() -> String? {
    guard let text = text() else { return nil }
    return string(of: text)
  }

  /// A name: one byte or more, within the limit, without control characters.
  @_lifetime(self: copy self)
  mutating func name() -> JSONText? {
    let place = reader
    if let text = reader.printableText() {
      if !text.range.isEmpty, text.range.count <= limits.nameBytes { return text }
      reader = place
    }
    return rareName()
  }

  @_lifetime(self: copy self) @inline(never)
  private mutating func rareName() -> JSONText? {
    guard let text = text() else { return nil }
    guard let finding = Self.finding(text, in: line, limits) else { return text }
    add(finding)
    return nil
  }

  @inline(__always)
  private static func finding(
    _ text: JSONText, in line: Span<UInt8>, _ limits: ProtocolLimits
  ) -> NameFinding? {
    guard text.isEscaped else {
      return NameFinding(line, text.range, mostBytes: limits.nameBytes)
    }
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line)
    return NameFinding(bytes.span, 0..<bytes.count, mostBytes: limits.nameBytes)
  }

  @inline(never)
  private mutating func add(_ finding: NameFinding) {
    switch finding {
    case .empty: add(.invalid, "\(field) is empty: leave it out, or name something")
    case .tooLong: add(.tooLong, "\(field) has more than \(limits.nameBytes) bytes")
    case .controlCharacter: add(.invalid, "\(field) has a control character")
    }
  }

  @_lifetime(self: copy self)
  mutating func nameString() -> String? {
    guard let text = name() else { return nil }
    return string(of: text)
  }

  @_lifetime(self: copy self)
  mutating func flag() -> Bool? {
    guard expect(.bool, "is true or false") else { return nil }
    return reader.bool()
  }

  /// A revision: 0 to 2^64 - 1.
  @_lifetime(self: copy self)
  mutating func revision() -> UInt64? {
    guard expect(.number, "is an integer") else { return nil }
    if let value = reader.unsigned() { return value }
    add(.invalid, "\(field) is an integer from 0 to 18446744073709551615")
    return nil
  }

  @_lifetime(self: copy self)
  mutating func integer(in bounds: ClosedRange<Int>) -> Int? {
    guard expect(.number, "is an integer") else { return nil }
    if let value = reader.integer(), let value = Int(exactly: value), bounds.contains(value) {
      return value
    }
    add(.invalid, "\(field) is an integer from \(bounds.lowerBound) to \(bounds.upperBound)")
    return nil
  }

  /// A revision, or a time as RFC 3339 writes it.
  @_lifetime(self: copy self)
  mutating func moment() -> IPGetParams.Moment? {
    if reader.kind == .number { return revision().map { .revision($0) } }
    guard reader.kind == .string else {
      reader.skip()
      add(.invalid, "\(field) is a revision or a time")
      return nil
    }
    let text = string(of: reader.text())
    if let time = RFC3339.milliseconds(text.utf8Span.span) { return .time(time) }
    add(.invalid, "\(field) is a revision, or a time as RFC 3339 writes it: 2026-01-02T03:04:05Z")
    return nil
  }

  /// One of a few words.
  @_lifetime(self: copy self)
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type
  ) -> Choice? {
    guard let string = string() else { return nil }
    if let choice = Choice(rawValue: string) { return choice }
    let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
    add(.notSupported, "\(field) is \(words)")
    return nil
  }

  /// Some of a few words.
  @_lifetime(self: copy self)
  mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type
  ) -> [Choice]? {
    guard let strings = strings() else { return nil }
    var choices: [Choice] = []
    for (index, string) in strings.enumerated() {
      if let choice = Choice(rawValue: string) {
        choices.append(choice)
      } else {
        let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        add(path(index), .notSupported, "\(path(index)) is \(words)")
      }
    }
    return choices
  }

  @_lifetime(self: copy self)
  mutating func address() -> IPAddress? {
    guard let text = text() else { return nil }
    return address(text, element: nil)
  }

  /// The address that `text` spells, where it is the current member or an element of it.
  mutating func address(_ text: JSONText, element: Int?) -> IPAddress? {
    do throws(AddressTextError) {
      if !text.isEscaped { return try IPAddress(parsing: line.extracting(text.range)) }
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line)
      return try IPAddress(parsing: bytes.span)
    } catch {
      add(path(element), .invalid, error.message)
      return nil
    }
  }

  @_lifetime(self: copy self)
  mutating func cidr() -> CIDR? {
    guard let text = text() else { return nil }
    return cidr(text, element: nil)
  }

  /// The block that `text` spells, where it is the current member or an element of it.
  mutating func cidr(_ text: JSONText, element: Int?) -> CIDR? {
    do throws(AddressTextError) {
      if !text.isEscaped { return try CIDR(parsing: line.extracting(text.range)) }
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line)
      return try CIDR(parsing: bytes.span)
    } catch {
      add(path(element), .invalid, error.message)
      return nil
    }
  }

  /// The path of the current member, or of one of its elements.
  func path(_ element: Int?) -> String {
    guard let element else { return field }
    return "\(field)[\(element)]"
  }
}

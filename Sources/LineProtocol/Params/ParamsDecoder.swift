internal import Addressing

/// Reads the params of one request member by member, and collects what is wrong with them.
///
/// The bytes are known to be valid JSON. Reading allocates nothing unless a caller asks for a
/// String, a text has escapes, or something is wrong.
struct ParamsDecoder: ~Escapable {
  let line: Span<UInt8>
  let limits: ProtocolLimits
  var reader: JSONReader

  /// Milliseconds since 1970: what every method takes as `deadline`.
  private(set) var deadline: Int64?
  private var causes: [Cause] = []

  /// Whether an object is open with members left.
  private var isOpen: Bool
  private var isNested = false

  /// The name of the member that is being read.
  private var key = JSONText(range: 0..<0, isEscaped: false)

  /// The path of the object that is being read, with its dot; empty for the params themselves.
  private var prefix = ""
  private var hint = 0

  /// The causes of one request are cut off here, so that a line full of mistakes makes no answer
  /// many times as long.
  static let mostCauses = 100

  private static let deadlineName = PackedName("deadline")

  @_lifetime(copy line)
  init(line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits) {
    self.line = line
    self.limits = limits
    reader = JSONReader(line, at: object?.lowerBound ?? 0)
    isOpen = object != nil
    if isOpen { reader.enter() }
  }

  /// The next member that is known and not null; nil at the end of the object.
  ///
  /// Its value must be read, refused or skipped before the next call.
  @_lifetime(self: copy self) @inline(__always)
  mutating func next<Key>(_ names: ParamNames<Key>) -> Key? {
    while isOpen, let key = reader.nextKey() {
      self.key = key
      if let found = names.find(Self.packed(key, in: line), hint: &hint) {
        guard reader.kind == .null else { return found }
        reader.skip()
      } else {
        readOther()
      }
    }
    isOpen = false
    return nil
  }

  /// A member that is not the method's own.
  @_lifetime(self: copy self) @inline(never)
  private mutating func readOther() {
    if !isNested, packed(key) == Self.deadlineName {
      readDeadline()
    } else {
      reader.skip()
      add(.unknown, "there is no such member")
    }
  }

  /// The value of `text`; nil when it is longer than any name that the protocol knows.
  func packed(_ text: JSONText) -> PackedName? { Self.packed(text, in: line) }

  @inline(__always)
  private static func packed(_ text: JSONText, in line: Span<UInt8>) -> PackedName? {
    text.isEscaped ? packed(escaped: text, in: line) : PackedName(line, text.range)
  }

  @inline(never)
  private static func packed(escaped text: JSONText, in line: Span<UInt8>) -> PackedName? {
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line)
    return PackedName(bytes.span)
  }

  private mutating func readDeadline() {
    guard reader.kind != .null else { return reader.skip() }
    guard let text = text() else { return }
    if text.isEscaped {
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line)
      deadline = RFC3339.milliseconds(bytes.span)
    } else {
      deadline = RFC3339.milliseconds(line.extracting(text.range))
    }
    if deadline == nil {
      add(.invalid, "a deadline is a time as RFC 3339 writes it: 2026-01-02T03:04:05.678Z")
    }
  }

  /// Throws InvalidParams if anything was wrong.
  @inline(__always)
  /// How many things are wrong so far.
  var causeCount: Int { causes.count }

  func finish() throws(ErrorReply) {
    guard causes.isEmpty else { throw .invalidParams(causes) }
  }
}

extension ParamsDecoder {
  /// What `enterObject` sets aside until `leaveObject`.
  struct Outer {
    fileprivate let key: JSONText
    fileprivate let prefix: String
    fileprivate let hint: Int
    fileprivate let isNested: Bool
  }

  /// Opens the object that is the current member's value; nil, with a cause, when it is none.
  @_lifetime(self: copy self)
  mutating func enterObject() -> Outer? {
    guard expect(.object, "is an object") else { return nil }
    return enterObject(at: field)
  }

  /// Opens the object that is an element of the current member's list; nil, with a cause, when it
  /// is none.
  @_lifetime(self: copy self)
  mutating func enterElement(_ index: Int) -> Outer? {
    let path = path(index)
    guard reader.kind == .object else {
      reader.skip()
      add(path, .invalid, "\(path) is an object")
      return nil
    }
    return enterObject(at: path)
  }

  @_lifetime(self: copy self)
  private mutating func enterObject(at path: String) -> Outer {
    let outer = Outer(key: key, prefix: prefix, hint: hint, isNested: isNested)
    prefix = path + "."
    hint = 0
    isNested = true
    isOpen = true
    reader.enter()
    return outer
  }

  /// Goes on with the members of the object around the one that has ended.
  @_lifetime(self: copy self)
  mutating func leaveObject(_ outer: Outer) {
    (key, prefix, hint, isNested) = (outer.key, outer.prefix, outer.hint, outer.isNested)
    isOpen = true
  }
}

extension ParamsDecoder {
  /// The path of a member of the object that is being read.
  func inner(_ name: String) -> String { prefix + name }

  /// The path of the current member.
  var field: String { prefix + string(of: key) }

  func string(of text: JSONText) -> String {
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A cause about the current member.
  mutating func add(_ reason: CauseReason, _ message: String) {
    add(field, reason, message)
  }

  mutating func add(_ field: String, _ reason: CauseReason, _ message: String) {
    guard causes.count < Self.mostCauses else { return }
    causes.append(Cause(field, reason, message))
  }

  /// Passes over the current member's value.
  @_lifetime(self: copy self)
  mutating func skip() {
    reader.skip()
  }

  /// Refuses the current member as not supported, whatever its value.
  @_lifetime(self: copy self)
  mutating func refuse(_ message: String) {
    reader.skip()
    add(.notSupported, message)
  }

  /// A Required cause unless the member is there, or was there and has its cause already.
  @inline(__always)
  mutating func require(_ field: String, isThere: Bool) {
    guard !isThere else { return }
    addRequired(field)
  }

  @inline(never)
  private mutating func addRequired(_ field: String) {
    // A list whose elements are all wrong is there, and has its causes.
    let isKnown = causes.contains { $0.field == field || $0.field.hasPrefix(field + "[") }
    guard !isKnown else { return }
    add(field, .required, "\(field) is required")
  }

  /// A Required cause for `field` where `other` would do as well.
  mutating func require(_ field: String, isThere: Bool, or other: String) {
    guard !isThere, !causes.contains(where: { $0.field == field }) else { return }
    add(field, .required, "either \(field) or \(other) is required")
  }

  /// A Forbidden cause for a member that `other` leaves no room for.
  mutating func forbid(_ field: String, isThere: Bool, with other: String) {
    guard isThere else { return }
    add(field, .forbidden, "\(field) may not be given together with \(other)")
  }

  /// Whether the current value is of this kind; if not, it is skipped and has a cause.
  @_lifetime(self: copy self) @inline(__always)
  mutating func expect(_ kind: JSONKind, _ expectation: String) -> Bool {
    guard reader.kind != kind else { return true }
    refuse(not: expectation)
    return false
  }

  @_lifetime(self: copy self) @inline(never)
  private mutating func refuse(not expectation: String) {
    reader.skip()
    add(.invalid, "\(field) \(expectation)")
  }
}

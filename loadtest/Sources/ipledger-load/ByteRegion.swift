import CEpoll
import Glibc

/// A piece of memory with a filled part: requests are built in one, answers come in another.
///
/// It is made as large as what is in flight, and grows only for an answer that is longer.
@safe struct ByteRegion: ~Copyable {
  // Proof for every `unsafe` in this file: `base` is owned by this one value, which cannot be
  // copied, and stays valid for `capacity` bytes until deinit or `makeRoom`.
  // `0 <= start <= end <= capacity` holds always; lines are ranges that `takeLine` made of filled
  // bytes. Each access is checked against `capacity`: lines by `precondition`, appends by `room`.
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// The filled part, as positions.
  private(set) var start = 0
  private(set) var end = 0

  init(capacity: Int) {
    self.capacity = capacity
    unsafe base = UnsafeMutablePointer.allocate(capacity: capacity)
  }

  deinit { unsafe base.deallocate() }

  var isEmpty: Bool { start == end }
  var count: Int { end - start }

  /// Where the next `count` bytes go.
  private mutating func room(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if end + count > capacity { makeRoom(count) }
    defer { end += count }
    return unsafe base + end
  }

  mutating func append(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    unsafe memcpy(room(count), text.utf8Start, count)
  }

  mutating func append(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe memcpy(room(source.count), first, source.count)
    }
  }

  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe memcpy(room(source.count), first, source.count)
    }
  }

  /// Gives all that is filled to `body`, and forgets it.
  mutating func takeAll(_ body: (Span<UInt8>) -> Void) {
    let bytes = unsafe UnsafeBufferPointer(start: base + start, count: count)
    body(unsafe Span(_unsafeElements: bytes))
    drop(count)
  }

  mutating func append(decimal value: Int) {
    precondition(value >= 0, "ids and numbers count upwards")
    var digits = 1
    var limit = 10
    while value >= limit, digits < 18 {
      digits += 1
      limit *= 10
    }
    let place = unsafe room(digits)
    var rest = UInt(value)
    for index in stride(from: digits - 1, through: 0, by: -1) {
      let quotient = rest / 10
      unsafe place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest - quotient * 10)
      rest = quotient
    }
  }

  /// Sixteen hexadecimal digits.
  mutating func append(hexadecimal value: UInt64) {
    let place = unsafe room(16)
    var rest = value
    for index in stride(from: 15, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: rest & 15)
      unsafe place[index] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
      rest >>= 4
    }
  }

  /// Gives what is filled to the socket; what it does not take stays.
  ///
  /// Returns `send`'s answer.
  mutating func send(to socket: Int32) -> Int {
    let flags = Int32(MSG_NOSIGNAL)
    let sent = unsafe Glibc.send(socket, base + start, count, flags)
    if sent > 0 { drop(sent) }
    return sent
  }

  /// Takes what the socket has, as far as it fits.
  ///
  /// Returns `recv`'s answer.
  mutating func receive(from socket: Int32) -> Int {
    if capacity - end < capacity / 2 { makeRoom(capacity / 2) }
    let received = unsafe recv(socket, base + end, capacity - end, 0)
    if received > 0 { end += received }
    return received
  }

  /// Forgets the first `count` filled bytes.
  private mutating func drop(_ count: Int) {
    start += count
    if start == end { (start, end) = (0, 0) }
  }

  /// Moves what is filled to the front, of a larger piece of memory where this one is too small.
  private mutating func makeRoom(_ more: Int) {
    let filled = count
    if filled + more <= capacity {
      unsafe memmove(base, base + start, filled)
    } else {
      capacity = max(2 * capacity, filled + more)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      unsafe memcpy(larger, base + start, filled)
      unsafe base.deallocate()
      unsafe base = larger
    }
    (start, end) = (0, filled)
  }

  /// Takes the next whole line, without its newline; its bytes stay until the next `receive`.
  mutating func takeLine() -> Range<Int>? {
    guard let found = unsafe memchr(base + start, 0x0A, count) else { return nil }
    let newline = unsafe base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    let line = start..<newline
    drop(newline + 1 - start)
    return line
  }

  /// Takes all whole lines that are there, one after the other.
  mutating func takeLines<Failure: Error>(
    _ body: (Range<Int>, borrowing ByteRegion) throws(Failure) -> Void
  ) throws(Failure) {
    while let line = takeLine() { try body(line, self) }
  }

  /// The position behind the first `text` in the line: for answers that are not the usual ones.
  func position(after text: StaticString, in line: Range<Int>) -> Int? {
    precondition(line.lowerBound >= 0 && line.upperBound <= capacity, "a line lies in its region")
    let length = text.utf8CodeUnitCount
    guard let found = unsafe memmem(base + line.lowerBound, line.count, text.utf8Start, length)
    else { return nil }
    return unsafe UnsafePointer(base).distance(
      to: UnsafePointer(found.assumingMemoryBound(to: UInt8.self))) + length
  }

  /// Whether `text` stands in the line at this position.
  func stands(_ text: StaticString, at position: Int, in line: Range<Int>) -> Bool {
    let length = text.utf8CodeUnitCount
    guard position >= 0, position + length <= line.upperBound else { return false }
    precondition(line.upperBound <= capacity, "a line lies in its region")
    return unsafe memcmp(base + position, text.utf8Start, length) == 0
  }

  /// The decimal number at a position of the line, and the position behind it.
  func number(at position: Int, in line: Range<Int>) -> (value: Int, end: Int)? {
    precondition(position >= 0 && line.upperBound <= capacity, "a line lies in its region")
    var value = 0
    var index = position
    while index < line.upperBound, index - position < 18 {
      let digit = unsafe base[index] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    return index == position ? nil : (value, index)
  }

  /// The range up to the next `"`; nil when there is none in the line.
  func quoted(from position: Int, in line: Range<Int>) -> Range<Int>? {
    self.position(after: "\"", in: position..<line.upperBound).map { position..<($0 - 1) }
  }

  /// What `body` makes of bytes of a line.
  func read<Value>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Value) -> Value {
    precondition(range.lowerBound >= 0 && range.upperBound <= capacity, "a line lies in its region")
    let bytes = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
    return body(unsafe Span(_unsafeElements: bytes))
  }

  /// The line as text, for people.
  func text(_ line: Range<Int>) -> String {
    precondition(line.lowerBound >= 0 && line.upperBound <= capacity, "a line lies in its region")
    let bytes = unsafe UnsafeBufferPointer(start: base + line.lowerBound, count: line.count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}

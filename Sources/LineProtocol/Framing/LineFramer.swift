/// Cuts a stream of bytes into lines, without doing any I/O.
///
/// What is received is copied in once by `append`. `peek` says what comes next and moves nothing: a
/// line stays where it is until `consume`, so that it may be looked at again after a pause. No byte
/// is searched twice, blank lines are never shown, and no more than a line at its limit and what
/// one `append` adds are kept as long as the caller takes the lines before it appends again.
package struct LineFramer: Sendable {
  package enum Event: Sendable, Hashable {
    /// A whole line: `line` has it, without its newline.
    case line

    /// A line has passed the limit: its bytes are gone, and what comes of it up to its newline will
    /// go, too.
    case tooLong
  }

  private let lineBytes: Int
  private var bytes: [UInt8] = []

  /// Where the bytes start that are not consumed yet.
  private var start = 0

  /// Up to where there is no newline.
  private var searched = 0
  private var found: Found?

  /// Whether the stream is inside a line that was too long.
  private var isSkipping = false

  private enum Found {
    case line(Range<Int>, next: Int)
    case tooLong(next: Int)
  }

  /// A buffer that grew beyond this is given back once it is empty.
  private static let keptCapacity = 65_536

  /// `lineBytes` is the most that a line may have, without its newline.
  package init(lineBytes: Int) {
    precondition(lineBytes > 0, "a line has room for a byte")
    self.lineBytes = lineBytes
  }

  /// The bytes held: those of whole lines not consumed yet, and of one that has not ended.
  package var count: Int { bytes.count - start }

  package mutating func append(_ received: Span<UInt8>) {
    var received = received
    if isSkipping {
      guard let newline = received.newline(from: 0) else { return }
      isSkipping = false
      received = received.extracting((newline + 1)...)
    }
    guard !received.isEmpty else { return }
    compact(toAdd: received.count)
    bytes.append(received)
  }

  package mutating func append(_ received: UnsafeRawBufferPointer) {
    // The caller's memory is read during this call only.
    let span = unsafe Span<UInt8>(_unsafeBytes: received)
    append(span)
  }

  /// What comes next; nil until more is appended.
  package mutating func peek() -> Event? {
    if found == nil { found = search() }
    switch found {
    case .line: return .line
    case .tooLong: return .tooLong
    case nil: return nil
    }
  }

  /// The line that `peek` has told of; empty when it told of something else.
  package var line: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      guard case .line(let range, _) = found else { return bytes.span.extracting(0..<0) }
      return bytes.span.extracting(range)
    }
  }

  /// Passes over what `peek` has told of.
  package mutating func consume() {
    switch found {
    case .line(_, let next), .tooLong(let next): start = next
    case nil: preconditionFailure("what is consumed was peeked at")
    }
    found = nil
    guard start == bytes.count else { return }
    bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
    start = 0
    searched = 0
  }

  /// Makes room at the front rather than at the end where that is enough.
  private mutating func compact(toAdd more: Int) {
    guard start > 0, bytes.count + more > bytes.capacity, found == nil else { return }
    bytes.removeSubrange(..<start)
    searched -= start
    start = 0
  }
}

extension LineFramer {
  private mutating func search() -> Found? {
    while let newline = bytes.span.newline(from: searched) {
      searched = newline + 1
      var end = newline
      if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      if end - start > lineBytes { return .tooLong(next: newline + 1) }
      if bytes.span.skippingSpace(from: start) < end {
        return .line(start..<end, next: newline + 1)
      }
      start = newline + 1
    }
    searched = bytes.count
    guard isTooLong else { return nil }
    isSkipping = true
    return .tooLong(next: bytes.count)
  }

  /// Whether the line that has not ended cannot end within its limit: a carriage return behind its
  /// last byte does not count if a newline follows.
  private var isTooLong: Bool {
    let excess = bytes.count - start - lineBytes
    return excess > 1 || excess == 1 && bytes[bytes.count - 1] != UInt8(ascii: "\r")
  }
}

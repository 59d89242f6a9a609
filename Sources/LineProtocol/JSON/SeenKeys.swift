/// The keys of the objects that are open while a line is checked, to find those given twice.
///
/// Up to 32 of them are compared one by one, by a fingerprint first. With the 33rd all move to a
/// table whose hash is seeded by process: nobody can choose keys that make it slow.
struct SeenKeys {
  private struct Entry {
    var object: UInt32 = 0
    var start: UInt32 = 0
    var fingerprint: UInt64 = 0
  }

  private struct Place {
    var object: UInt32
    var start: UInt32
  }

  private var few = InlineArray<32, Entry>(repeating: Entry())
  private var count = 0

  /// By hash of object and key, once there were too many; keys of closed objects stay in it.
  private var many: [Int: Place] = [:]
  private var isMany = false

  /// A bit for each key of the innermost object, by its fingerprint.
  ///
  /// A key whose bit is not set was not given before. All are set once a container inside has
  /// ended, as they are not kept.
  private var marks: UInt64 = .max

  /// An object or array begins, and is the innermost one.
  @inline(__always)
  mutating func open() { marks = 0 }

  /// It has ended, and the one around it is the innermost one again.
  @inline(__always)
  mutating func close() { marks = .max }

  /// False, and nothing is added, when the object has this key already.
  @inline(__always)
  mutating func insert(_ key: JSONText, of object: UInt32, in line: Span<UInt8>) -> Bool {
    guard !key.isEscaped, !isMany, count < few.count else {
      return insertRare(key, of: object, in: line)
    }
    let fingerprint = Self.fingerprint(line, key.range)
    // The top six bits of the product depend on all bits of the fingerprint.
    let mark: UInt64 = 1 &<< ((fingerprint &* 0x9E37_79B9_7F4A_7C15) &>> 58)
    if marks & mark != 0, has(key, fingerprint, of: object, in: line) { return false }
    marks |= mark
    add(key, fingerprint, of: object)
    return true
  }

  @inline(never)
  private mutating func insertRare(
    _ key: JSONText, of object: UInt32, in line: Span<UInt8>
  ) -> Bool {
    guard !isMany else { return insertIntoTable(key, of: object, in: line) }
    marks = .max
    let fingerprint = Self.fingerprint(of: key, in: line)
    guard !has(key, fingerprint, of: object, in: line) else { return false }
    guard count < few.count else {
      moveToTable(in: line)
      return insertIntoTable(key, of: object, in: line)
    }
    add(key, fingerprint, of: object)
    return true
  }

  @inline(__always)
  private mutating func add(_ key: JSONText, _ fingerprint: UInt64, of object: UInt32) {
    few[count] = Entry(
      object: object, start: UInt32(truncatingIfNeeded: key.range.lowerBound),
      fingerprint: fingerprint)
    count &+= 1
  }

  @inline(never)
  private mutating func has(
    _ key: JSONText, _ fingerprint: UInt64, of object: UInt32, in line: Span<UInt8>
  ) -> Bool {
    var index = count
    while index > 0, few[index &- 1].object == object {
      index &-= 1
      if few[index].fingerprint == fingerprint, Self.isSame(key, few[index].start, in: line) {
        return true
      }
    }
    return false
  }

  /// Forgets the keys of an object that has ended; those of objects in it are forgotten already.
  @inline(__always)
  mutating func removeAll(of object: UInt32) {
    while count > 0, few[count &- 1].object == object { count &-= 1 }
  }

  /// Equal for equal keys: the length and both ends, which tell most keys apart.
  private static func fingerprint(of key: JSONText, in line: Span<UInt8>) -> UInt64 {
    guard key.isEscaped else { return fingerprint(line, key.range) }
    var bytes: [UInt8] = []
    key.append(to: &bytes, from: line)
    return fingerprint(bytes.span, 0..<bytes.count)
  }

  @inline(__always)
  private static func fingerprint(_ line: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    let count = range.count
    let mark = UInt64(truncatingIfNeeded: count) &<< 56
    guard count > 8 else { return line.word(at: range.lowerBound, count: count) ^ mark }
    let head = line.word(at: range.lowerBound, count: 8)
    let tail = line.word(at: range.upperBound &- 8, count: 8)
    return head ^ (tail &* 0x9E37_79B9_7F4A_7C15) ^ mark
  }

  /// Whether the key is the one whose text starts at `start`.
  private static func isSame(_ key: JSONText, _ start: UInt32, in line: Span<UInt8>) -> Bool {
    var reader = JSONReader(line, at: Int(start) - 1)
    let other = reader.text()
    guard key.isEscaped || other.isEscaped else {
      guard key.range.count == other.range.count else { return false }
      return line.hasEqualBytes(key.range, other.range)
    }
    var bytes: (key: [UInt8], other: [UInt8]) = ([], [])
    key.append(to: &bytes.key, from: line)
    other.append(to: &bytes.other, from: line)
    return bytes.key == bytes.other
  }
}

extension SeenKeys {
  private mutating func moveToTable(in line: Span<UInt8>) {
    isMany = true
    for index in 0..<count {
      var reader = JSONReader(line, at: Int(few[index].start) - 1)
      _ = insertIntoTable(reader.text(), of: few[index].object, in: line)
    }
    count = 0
  }

  private mutating func insertIntoTable(
    _ key: JSONText, of object: UInt32, in line: Span<UInt8>
  ) -> Bool {
    let keyHash = Self.hash(of: key, in: line)
    var attempt = 0
    while true {
      var hasher = Hasher()
      hasher.combine(object)
      hasher.combine(keyHash)
      hasher.combine(attempt)
      let hash = hasher.finalize()
      guard let place = many[hash] else {
        many[hash] = Place(
          object: object, start: UInt32(truncatingIfNeeded: key.range.lowerBound))
        return true
      }
      if place.object == object, Self.isSame(key, place.start, in: line) { return false }
      // Another key has this hash: try the next one of this key.
      attempt += 1
    }
  }

  private static func hash(of key: JSONText, in line: Span<UInt8>) -> Int {
    var hasher = Hasher()
    if key.isEscaped {
      var bytes: [UInt8] = []
      key.append(to: &bytes, from: line)
      hasher.combine(bytes.span)
    } else {
      hasher.combine(line.extracting(key.range))
    }
    return hasher.finalize()
  }
}

extension Hasher {
  fileprivate mutating func combine(_ span: Span<UInt8>) {
    // The buffer is read inside the closure only.
    unsafe span.withUnsafeBytes { unsafe combine(bytes: $0) }
  }
}

extension Span<UInt8> {
  /// Whether two ranges of equal length hold the same bytes.
  fileprivate func hasEqualBytes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    var offset = 0
    while offset < left.count {
      let count = left.count &- offset
      let difference =
        word(at: left.lowerBound &+ offset, count: count)
        ^ word(at: right.lowerBound &+ offset, count: count)
      guard difference == 0 else { return false }
      offset &+= 8
    }
    return true
  }
}

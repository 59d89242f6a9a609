/// Where the members of the outermost object stand, so that a request's head is not searched again.
///
/// It has room for the four that a request may have, and counts any more.
struct OutermostMembers {
  /// Offsets in the line.
  struct Member {
    fileprivate var nameStart: UInt32 = 0
    fileprivate var nameEnd: UInt32 = 0
    fileprivate var valueStart: UInt32 = 0
    fileprivate var valueEnd: UInt32 = 0
    fileprivate var isNameEscaped = false

    /// The value is a string with escapes.
    fileprivate(set) var isEscaped = false

    @inline(__always)
    var name: JSONText {
      JSONText(start: Int(nameStart), end: Int(nameEnd), isEscaped: isNameEscaped)
    }

    /// Where the value starts, and where it ends.
    @inline(__always)
    var start: Int { Int(valueStart) }

    @inline(__always)
    var end: Int { Int(valueEnd) }

    /// The value when that is a string.
    @inline(__always)
    var text: JSONText { JSONText(start: start &+ 1, end: end &- 1, isEscaped: isEscaped) }
  }

  private var places = InlineArray<4, Member>(repeating: Member())

  /// How many there are, more than fit included; 0 for what is no object.
  private(set) var count = 0

  /// Whether all there are can be asked for.
  var areComplete: Bool { count <= places.count }

  subscript(index: Int) -> Member {
    @inline(__always)
    get { places[index] }
  }

  @inline(__always)
  mutating func begin(_ name: JSONText, valueAt start: Int) {
    if count < places.count {
      places[count] = Member(
        nameStart: UInt32(truncatingIfNeeded: name.range.lowerBound),
        nameEnd: UInt32(truncatingIfNeeded: name.range.upperBound),
        valueStart: UInt32(truncatingIfNeeded: start), isNameEscaped: name.isEscaped)
    }
    count &+= 1
  }

  /// The value of the member that began last ends here; no harm is done before the first one.
  @inline(__always)
  mutating func endValue(at end: Int, isEscaped: Bool) {
    guard count > 0, count <= places.count else { return }
    places[count &- 1].valueEnd = UInt32(truncatingIfNeeded: end)
    places[count &- 1].isEscaped = isEscaped
  }
}

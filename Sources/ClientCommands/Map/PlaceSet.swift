/// Places of a range, a bit each; those behind the last bit are only counted.
struct PlaceSet {
  private var words: [UInt64]
  private let end: UInt128
  private(set) var count = 0

  /// Empty; places from `end` on have no bit.
  init(below end: UInt128) {
    self.end = end
    words = [UInt64](repeating: 0, count: Int((end + 63) / 64))
  }

  /// Whether it was not in there, as far as places have bits.
  mutating func insert(_ place: UInt128) -> Bool {
    guard place < end else {
      count += 1
      return true
    }
    let bit = UInt64(1) << UInt64(place % 64)
    guard words[Int(place / 64)] & bit == 0 else { return false }
    words[Int(place / 64)] |= bit
    count += 1
    return true
  }

  func contains(_ place: UInt128) -> Bool {
    place < end && words[Int(place / 64)] & UInt64(1) << UInt64(place % 64) != 0
  }

  /// The places below `end` that are not in there, some at a time.
  func missing(below end: UInt128) -> Missing { Missing(set: self, end: end) }

  /// A walk over the places that are not in a set.
  struct Missing {
    fileprivate let set: PlaceSet
    fileprivate let end: UInt128
    /// All before it have been handed out.
    private(set) var position: UInt128 = 0

    fileprivate init(set: PlaceSet, end: UInt128) {
      self.set = set
      self.end = end
    }

    /// At most `count` of them; nil behind the last one.
    mutating func next(_ count: Int) -> [UInt128]? {
      var places: [UInt128] = []
      while places.count < count, position < end {
        if !set.contains(position) { places.append(position) }
        position += 1
      }
      return places.isEmpty ? nil : places
    }
  }
}

/// What each pod, or each Service, was acknowledged: a few bytes each, found by its number.
struct Holdings {
  /// Offsets in the blocks of the two families.
  struct Holding: Equatable {
    static let none: UInt64 = .max

    var number: Int
    var ipv4: UInt64 = none
    var ipv6: UInt64 = none
  }

  /// Numbers are told apart within twice this many.
  ///
  /// Of those further apart the older is gone when
  /// the younger is asked for. Nil: each number comes once.
  private let stride: Int?
  private var entries: [Holding] = []

  private static let empty = Holding(number: -1)

  init(stride: Int?) { self.stride = stride }

  private func place(_ number: Int) -> Int {
    guard let stride else { return number }
    let (turn, rest) = number.quotientAndRemainder(dividingBy: stride)
    return rest * 2 + turn % 2
  }

  subscript(number: Int) -> Holding? {
    let place = place(number)
    guard place < entries.count, entries[place].number == number else { return nil }
    return entries[place]
  }

  mutating func keep(_ holding: Holding) {
    let place = place(holding.number)
    if place >= entries.count {
      let size = max(1_024, 2 * entries.count, place + 1)
      entries += Array(repeating: Self.empty, count: size - entries.count)
    }
    entries[place] = holding
  }

  mutating func take(_ number: Int) -> Holding? {
    guard let holding = self[number] else { return nil }
    entries[place(number)] = Self.empty
    return holding
  }

  /// The numbers of all that is held.
  var numbers: [Int] { entries.lazy.map(\.number).filter { $0 >= 0 } }
}

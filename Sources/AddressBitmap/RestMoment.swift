/// When an address was released, and which one before which within a millisecond.
struct RestMoment: Comparable, Sendable {
  /// Milliseconds in the upper bits, and a number that counts within one in the lower 20; more
  /// releases than that run on into the next millisecond.
  private let number: Int64

  /// The first of a millisecond (monotonic).
  init(milliseconds: Int64) { number = milliseconds << 20 }

  private init(number: Int64) { self.number = number }

  var milliseconds: Int64 { number >> 20 }

  var next: RestMoment { RestMoment(number: number + 1) }

  static func < (left: RestMoment, right: RestMoment) -> Bool { left.number < right.number }
}

/// What the first pass found a line to hold.
package struct JSONOutline: Sendable, Hashable {
  /// Where the value stands, without the white space around it; empty when there is none.
  package var value: Range<Int>

  /// The elements of the value when that is an array; else 0.
  package var elements: Int

  /// Whether it is nested deeper than the limit.
  package var isTooDeep: Bool

  package init(value: Range<Int>, elements: Int, isTooDeep: Bool) {
    self.value = value
    self.elements = elements
    self.isTooDeep = isTooDeep
  }
}

/// A short name as four words, so that two names are compared without a loop.
///
/// All names that the protocol knows fit into 32 bytes; a longer one is nil and so unknown.
package struct PackedName: Sendable, Hashable {
  private var first: UInt64
  private var second: UInt64
  private var third: UInt64
  private var fourth: UInt64
  private var count: Int

  package static let mostBytes = 32

  package init?(_ name: Span<UInt8>) {
    self.init(name, 0..<name.count)
  }

  /// The name that stands at `range` of `line`.
  @inline(__always)
  package init?(_ line: Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= Self.mostBytes else { return nil }
    count = range.count
    first = line.word(at: range.lowerBound, count: count)
    second = count > 8 ? line.word(at: range.lowerBound &+ 8, count: count &- 8) : 0
    third = count > 16 ? line.word(at: range.lowerBound &+ 16, count: count &- 16) : 0
    fourth = count > 24 ? line.word(at: range.lowerBound &+ 24, count: count &- 24) : 0
  }

  package init?(_ name: String) {
    self.init(name.utf8Span.span)
  }
}

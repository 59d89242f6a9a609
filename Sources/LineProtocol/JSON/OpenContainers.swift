/// The objects and arrays around the innermost one while a line is checked: the first 32 levels
/// without a heap.
struct OpenContainers {
  private var shallow = InlineArray<32, UInt32>(repeating: 0)
  private var deep: [UInt32] = []

  /// How many are open, the innermost one included.
  private(set) var depth = 0

  /// Opens a container inside the innermost one, `outer`.
  @inline(__always)
  mutating func open(_ outer: UInt32) {
    if depth < shallow.count {
      shallow[depth] = outer
    } else {
      openDeep(outer)
    }
    depth &+= 1
  }

  private mutating func openDeep(_ outer: UInt32) { deep.append(outer) }

  /// Closes the innermost container and returns the one around it, as it was given to `open`.
  @inline(__always)
  mutating func close() -> UInt32 {
    depth &-= 1
    return depth < shallow.count ? shallow[depth] : deep.removeLast()
  }
}

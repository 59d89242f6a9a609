/// The objects and arrays that are open while a line is checked: the first 32 levels without a
/// heap.
struct OpenContainers {
  private var shallow = InlineArray<32, UInt32>(repeating: 0)
  private var deep: [UInt32] = []

  private(set) var depth = 0

  /// What tells the innermost one from all others when it is an object; 0 for an array.
  ///
  /// Asked for only while something is open.
  var innermost: UInt32 {
    depth <= shallow.count ? shallow[depth &- 1] : deep[depth &- 1 &- shallow.count]
  }

  mutating func open(_ container: UInt32) {
    if depth < shallow.count {
      shallow[depth] = container
    } else {
      deep.append(container)
    }
    depth &+= 1
  }

  mutating func close() {
    depth &-= 1
    if depth >= shallow.count { deep.removeLast() }
  }
}

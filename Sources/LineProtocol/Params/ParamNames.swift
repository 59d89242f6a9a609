/// The member names that one object may have, found by their bytes.
///
/// Members mostly come in the order in which they are declared, so the search starts behind the one
/// found before.
struct ParamNames<Key: CaseIterable & RawRepresentable & Sendable>: Sendable
where Key.RawValue == String {
  private let keys: [Key]
  private let names: [PackedName]

  init() {
    let all = Key.allCases.compactMap { key in PackedName(key.rawValue).map { (key, $0) } }
    precondition(all.count == Key.allCases.count, "every name fits into 32 bytes")
    keys = all.map(\.0)
    names = all.map(\.1)
  }

  /// The key of this name; `hint` is where to look first, and afterwards where to look next.
  @inline(__always)
  func find(_ wanted: PackedName?, hint: inout Int) -> Key? {
    guard let wanted else { return nil }
    if hint < names.count, names[hint] == wanted {
      hint &+= 1
      return keys[hint &- 1]
    }
    return search(wanted, hint: &hint)
  }

  @inline(never)
  private func search(_ wanted: PackedName, hint: inout Int) -> Key? {
    for index in hint..<max(hint, names.count) where names[index] == wanted {
      hint = index + 1
      return keys[index]
    }
    for index in 0..<min(hint, names.count) where names[index] == wanted {
      hint = index + 1
      return keys[index]
    }
    return nil
  }
}

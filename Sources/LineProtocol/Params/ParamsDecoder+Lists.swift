internal import Addressing

/// Lists and maps: a value that is none at all gives a cause and nil or nothing; so does each
/// element that is wrong, at its own path.
extension ParamsDecoder {
  /// Opens the list that is the current value, for whoever reads its elements itself.
  @_lifetime(self: copy self)
  mutating func enterList() -> Bool {
    guard expect(.array, "is a list") else { return false }
    reader.enter()
    return true
  }

  /// The most elements that a list may have: those that mean something have two at most.
  static let mostElements = 16

  /// Whether the array has an element at `index`.
  ///
  /// Those past the limit are passed over, with one cause for all of them.
  @_lifetime(self: copy self)
  private mutating func hasElement(_ index: Int, of most: Int = mostElements) -> Bool {
    guard reader.nextElement() else { return false }
    guard index == most else { return true }
    add(.tooLong, "\(field) has more than \(most) elements")
    repeat { reader.skip() } while reader.nextElement()
    return false
  }

  /// The text of the array's next element, which stands at `index`.
  @_lifetime(self: copy self)
  private mutating func elementText(_ index: Int) -> JSONText? {
    if reader.kind == .string { return reader.text() }
    reader.skip()
    add(path(index), .invalid, "\(path(index)) is a string")
    return nil
  }

  @_lifetime(self: copy self)
  mutating func strings() -> [String]? {
    guard enterList() else { return nil }
    var strings: [String] = []
    var index = 0
    while hasElement(index) {
      if let text = elementText(index) { strings.append(string(of: text)) }
      index += 1
    }
    return strings
  }

  @_lifetime(self: copy self)
  mutating func addresses() -> [IPAddress] {
    guard enterList() else { return [] }
    var addresses: [IPAddress] = []
    var index = 0
    while hasElement(index) {
      if let text = elementText(index), let address = address(text, element: index) {
        addresses.append(address)
      }
      index += 1
    }
    return addresses
  }

  @_lifetime(self: copy self)
  mutating func cidrs(atMost most: Int = mostElements) -> [CIDR] {
    guard enterList() else { return [] }
    var cidrs: [CIDR] = []
    var index = 0
    while hasElement(index, of: most) {
      if let text = elementText(index), let cidr = cidr(text, element: index) {
        cidrs.append(cidr)
      }
      index += 1
    }
    return cidrs
  }

  /// Addresses, at most one of each family.
  @_lifetime(self: copy self)
  mutating func addressPerFamily() -> IPPair {
    var pair = IPPair()
    guard enterList() else { return pair }
    var index = 0
    while hasElement(index) {
      if let text = elementText(index), let address = address(text, element: index) {
        if pair[address.family] != nil {
          add(
            path(index), .duplicate, "there is an \(address.family.name) address already: one each")
        } else {
          pair.append(address)
        }
      }
      index += 1
    }
    return pair
  }

  /// Families, each at most once.
  @_lifetime(self: copy self)
  mutating func families() -> FamilyOrder {
    var families = FamilyOrder()
    guard enterList() else { return families }
    var index = 0
    while hasElement(index) {
      if let text = elementText(index) {
        if let family = family(text) {
          if !families.append(family) {
            add(path(index), .duplicate, "\(family.name) is there already")
          }
        } else {
          add(path(index), .notSupported, "a family is IPv4 or IPv6")
        }
      }
      index += 1
    }
    return families
  }

  private func family(_ text: JSONText) -> IPFamily? {
    guard let name = packed(text) else { return nil }
    return name == Self.ipv4Name ? .ipv4 : name == Self.ipv6Name ? .ipv6 : nil
  }

  private static let ipv4Name = PackedName(IPFamily.ipv4.name)
  private static let ipv6Name = PackedName(IPFamily.ipv6.name)

  /// The most entries that a map may have.
  private static let mostEntries = 1_000

  /// A map of strings to strings; a null value is an entry that is not there.
  @_lifetime(self: copy self)
  mutating func stringMap() -> [String: String]? {
    guard expect(.object, "is an object of strings") else { return nil }
    reader.enter()
    var map: [String: String] = [:]
    var count = 0
    while let key = reader.nextKey() {
      guard let value = entryText(key) else { continue }
      count += 1
      if count <= Self.mostEntries { map[string(of: key)] = string(of: value) }
    }
    if count > Self.mostEntries {
      add(.tooLong, "\(field) has more than \(Self.mostEntries) entries")
    }
    return map
  }

  /// The text of the entry under `key`; nil for null, and with a cause for what is no string.
  @_lifetime(self: copy self)
  private mutating func entryText(_ key: JSONText) -> JSONText? {
    switch reader.kind {
    case .string: return reader.text()
    case .null: reader.skip()
    default:
      reader.skip()
      let path = "\(field).\(string(of: key))"
      add(path, .invalid, "\(path) is a string")
    }
    return nil
  }

  /// Labels: a map of strings within its limits, left where it is.
  @_lifetime(self: copy self)
  mutating func labels() -> LabelText? {
    guard expect(.object, "is an object of strings") else { return nil }
    let start = reader.position
    reader.enter()
    var count = 0
    while let key = reader.nextKey() {
      guard let value = entryText(key) else { continue }
      count += 1
      check(key, value)
    }
    if count > LabelText.mostLabels {
      add(.tooLong, "\(field) has more than \(LabelText.mostLabels) entries")
    }
    return LabelText(start: start, count: count)
  }

  /// Holds one label's two sides to their limits.
  private mutating func check(_ key: JSONText, _ value: JSONText) {
    let longest = max(byteCount(key), byteCount(value))
    guard longest > LabelText.mostBytes || key.range.isEmpty else { return }
    let path = "\(field).\(string(of: key))"
    if key.range.isEmpty {
      add(path, .invalid, "a label has a name")
    } else {
      add(path, .tooLong, "a label has at most \(LabelText.mostBytes) bytes on each side")
    }
  }

  /// The bytes of the text's value.
  private func byteCount(_ text: JSONText) -> Int {
    guard text.isEscaped, text.range.count > LabelText.mostBytes else { return text.range.count }
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line)
    return bytes.count
  }
}

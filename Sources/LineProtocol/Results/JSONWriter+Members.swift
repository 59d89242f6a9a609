internal import Addressing

/// A member's name and value at once. A nil value leaves the member out.
extension JSONWriter {
  mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: Bool) {
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: UInt64?) {
    guard let value else { return }
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: Int64) {
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: IPAddress?) {
    guard let value else { return }
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ value: CIDR?) {
    guard let value else { return }
    self.name(name)
    self.value(value)
  }

  mutating func member(_ name: StaticString, _ values: [String]?) {
    guard let values else { return }
    self.name(name)
    beginArray()
    for value in values { self.value(value) }
    endArray()
  }

  mutating func member(_ name: StaticString, _ values: [IPAddress]) {
    self.name(name)
    beginArray()
    for value in values { self.value(value) }
    endArray()
  }

  mutating func member(_ name: StaticString, _ values: [CIDR]) {
    self.name(name)
    beginArray()
    for value in values { self.value(value) }
    endArray()
  }

  /// A map in the order of its keys; an empty one is left out.
  mutating func member(_ name: StaticString, _ map: [String: String]) {
    guard !map.isEmpty else { return }
    self.name(name)
    beginObject()
    for (key, value) in map.sorted(by: { $0.key < $1.key }) {
      self.name(key)
      self.value(value)
    }
    endObject()
  }

  /// A time, from milliseconds since 1970.
  mutating func member(_ name: StaticString, time: Int64?) {
    guard let time else { return }
    self.name(name)
    self.value(time: time)
  }

  /// A count as a string of decimal digits, as it may pass 2^53.
  mutating func member(_ name: StaticString, decimal: UInt128) {
    self.name(name)
    self.value(String(decimal))
  }
}

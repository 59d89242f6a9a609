/// The slots that are free, over all connections, those free the longest first.
struct SlotRing {
  private var places: [UInt64]
  private let mask: Int
  private var first = 0
  private(set) var count = 0

  /// A slot of a connection.
  struct Place: Equatable {
    let connection: Int
    let slot: Int
  }

  /// With each slot of each connection: one of each first, then the next of each.
  init(connections: Int, depth: Int) {
    var size = 1
    while size < connections * depth { size *= 2 }
    places = Array(repeating: 0, count: size)
    mask = size - 1
    for slot in 0..<depth {
      for connection in 0..<connections { push(connection, slot) }
    }
  }

  mutating func push(_ connection: Int, _ slot: Int) {
    precondition(count <= mask, "no slot is free twice")
    places[(first + count) & mask] = UInt64(connection) << 16 | UInt64(slot)
    count += 1
  }

  mutating func pop() -> Place? {
    guard count > 0 else { return nil }
    let place = places[first & mask]
    first = (first + 1) & mask
    count -= 1
    return Place(connection: Int(place >> 16), slot: Int(place & 0xFFFF))
  }
}

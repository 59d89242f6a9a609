/// Addresses that rest after their release, the oldest first; each of them once.
///
/// Of two that were released in one millisecond the first to come is the older one, also when it
/// was taken out and put back in between.
///
/// A list in the order of time, for releases come in that order, and a map that finds each by its
/// offset: whatever happens takes a few steps, however many rest. A start may bring them in any
/// order; in the order of time, or nearly, it costs no more.
struct RestQueue {
  struct Rest: Equatable {
    let offset: UInt128
    let moment: RestMoment

    /// When it was released: monotonic milliseconds.
    var since: Int64 { moment.milliseconds }
  }

  /// A place in the list; `none` is no place.
  private typealias Place = UInt32

  private struct Node {
    var rest: Rest
    var next: Place
    var previous: Place
  }

  private static var none: Place { .max }

  /// A queue of fewer nodes keeps its memory when it is empty.
  private static var keptNodes: Int { 1_024 }

  private var nodes: [Node] = []
  /// The first unused node; each names the next.
  private var vacant = Self.none
  private var first = Self.none
  private var last = Self.none
  /// Where the search for the next one's place begins: at the one that came last.
  private var latest = Self.none
  private var byOffset = PlaceMap()
  /// The latest moment that a rest has begun at.
  private var newest = RestMoment(milliseconds: 0)

  init() {}

  private init(after newest: RestMoment) { self.newest = newest }

  var count: Int { byOffset.count }

  /// When the oldest began; nil when none rests.
  var oldestSince: Int64? { oldest?.since }

  var oldest: Rest? { first == Self.none ? nil : nodes[Int(first)].rest }

  func since(of offset: UInt128) -> Int64? {
    place(of: offset).map { nodes[Int($0)].rest.since }
  }

  /// Begins a rest, behind all of the same millisecond; one that is under way already is replaced.
  mutating func insert(_ offset: UInt128, since: Int64) {
    if let place = place(of: offset) { take(place) }
    let first = RestMoment(milliseconds: since)
    let before = lastBefore(RestMoment(milliseconds: since + 1))
    var moment = first
    if before != Self.none { moment = max(moment, nodes[Int(before)].rest.moment.next) }
    // The last one of this millisecond may be out, and come back.
    if newest.milliseconds == since { moment = max(moment, newest.next) }
    newest = max(newest, moment)
    put(Rest(offset: offset, moment: moment), behind: before)
  }

  /// Goes on with a rest that was taken out, where it stood.
  mutating func putBack(_ rest: Rest) {
    if let place = place(of: rest.offset) { take(place) }
    put(rest, behind: lastBefore(rest.moment))
  }

  private mutating func put(_ rest: Rest, behind previous: Place) {
    let place = newNode(rest)
    byOffset.insert(place, offset: rest.offset) { nodes[Int($0)].rest.offset }
    link(place, behind: previous)
    latest = place
  }

  /// Ends the rest of one offset; answers what it was.
  mutating func remove(_ offset: UInt128) -> Rest? {
    place(of: offset).map { take($0) }
  }

  /// Ends the oldest rest, if it began at `limit` or before.
  mutating func popOldest(since limit: Int64 = .max) -> Rest? {
    guard let oldest, oldest.since <= limit else { return nil }
    return take(first)
  }

  /// Ends the oldest rest of an offset that `isWanted`, if it began at `limit` or before; older
  /// ones go on.
  mutating func popOldest(
    since limit: Int64, where isWanted: (UInt128) -> Bool
  ) -> Rest? {
    var place = first
    while place != Self.none, nodes[Int(place)].rest.since <= limit {
      if isWanted(nodes[Int(place)].rest.offset) { return take(place) }
      place = nodes[Int(place)].next
    }
    return nil
  }

  private func place(of offset: UInt128) -> Place? {
    byOffset.find(offset) { nodes[Int($0)].rest.offset }
  }

  /// The node behind which one of that moment belongs; none: before all.
  private func lastBefore(_ moment: RestMoment) -> Place {
    var place = latest == Self.none ? last : latest
    while place != Self.none, nodes[Int(place)].rest.moment >= moment {
      place = nodes[Int(place)].previous
    }
    var next = place == Self.none ? first : nodes[Int(place)].next
    while next != Self.none, nodes[Int(next)].rest.moment < moment {
      place = next
      next = nodes[Int(place)].next
    }
    return place
  }

  private mutating func link(_ place: Place, behind previous: Place) {
    let next = previous == Self.none ? first : nodes[Int(previous)].next
    nodes[Int(place)].previous = previous
    nodes[Int(place)].next = next
    if previous == Self.none { first = place } else { nodes[Int(previous)].next = place }
    if next == Self.none { last = place } else { nodes[Int(next)].previous = place }
  }

  @discardableResult
  private mutating func take(_ place: Place) -> Rest {
    let node = nodes[Int(place)]
    byOffset.remove(place, offset: node.rest.offset) { nodes[Int($0)].rest.offset }
    if node.previous == Self.none { first = node.next }
    if node.previous != Self.none { nodes[Int(node.previous)].next = node.next }
    if node.next == Self.none { last = node.previous }
    if node.next != Self.none { nodes[Int(node.next)].previous = node.previous }
    if latest == place { latest = node.previous }
    nodes[Int(place)].next = vacant
    vacant = place
    if count == 0, nodes.count > Self.keptNodes { self = RestQueue(after: newest) }
    return node.rest
  }

  private mutating func newNode(_ rest: Rest) -> Place {
    let node = Node(rest: rest, next: Self.none, previous: Self.none)
    guard vacant != Self.none else {
      nodes.append(node)
      return Place(nodes.count - 1)
    }
    let place = vacant
    vacant = nodes[Int(place)].next
    nodes[Int(place)] = node
    return place
  }
}

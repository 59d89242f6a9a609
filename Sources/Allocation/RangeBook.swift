import AddressBitmap
import Addressing

/// Where a range's addresses, or its node blocks, are counted.
enum RangeSource: Sendable {
  case addresses(AddressRange)
  case blocks(BlockRange)

  var isDraining: Bool {
    switch self {
    case .addresses(let range): range.isDraining
    case .blocks(let range): range.isDraining
    }
  }

  func setDraining(_ isDraining: Bool) {
    switch self {
    case .addresses(let range): range.isDraining = isDraining
    case .blocks(let range): range.isDraining = isDraining
    }
  }

  func setExclusions(_ blocks: [CIDR], closing: [CIDR]) {
    switch self {
    case .addresses(let range): range.setExclusions(blocks, closing: closing)
    case .blocks(let range): range.setExclusions(blocks, closing: closing)
    }
  }
}

/// The ranges that there are: configured ones, and those added since.
///
/// Changes are rare and reads short: one lock serves. A range that is on its way to the ledger is
/// known here, so that no other one overlaps it, and used only once it is durable.
final class RangeBook: Sendable {
  struct Item: Sendable {
    var object: RangeObject
    let source: RangeSource
  }

  private struct State {
    var items: [Item] = []
    /// Added, and not durable yet.
    var proposed: [RangeObject] = []
    var exclusions = ExclusionList()

    /// Blocks that are about to be excluded, and ranges that are about to drain, by name: nothing
    /// shows it, and nobody new gets an address there.
    var closingBlocks: [CIDR] = []
    var closingRanges: Set<String> = []

    var services: [AddressRange] = []
    var loadBalancers: [AddressRange] = []
    var pools: [NodeRuntime] = []

    /// Brings the lists that requests look at up to date.
    mutating func arrange() {
      services = addresses(.service)
      loadBalancers = addresses(.loadBalancer)
      var networks: [(name: String, ranges: FamilyPair<AddressRange>)] = []
      for item in items where item.object.purpose == .pool {
        guard case .addresses(let range) = item.source else { continue }
        let name = item.object.network
        if let index = networks.firstIndex(where: { $0.name == name }) {
          networks[index].ranges.append(range)
        } else {
          networks.append((name, FamilyPair(range)))
        }
      }
      pools = networks.map { NodeRuntime(name: Array($0.name.utf8), ranges: $0.ranges) }
    }

    private func addresses(_ purpose: RangePurpose) -> [AddressRange] {
      items.compactMap { item in
        guard item.object.purpose == purpose, case .addresses(let range) = item.source else {
          return nil
        }
        return range
      }
    }
  }

  private let state: Locked<State>

  init(_ items: [Item]) {
    var state = State()
    state.items = items
    state.arrange()
    self.state = Locked(state)
  }

  var items: [Item] { state.withLock { $0.items } }
  var services: [AddressRange] { state.withLock { $0.services } }
  var loadBalancers: [AddressRange] { state.withLock { $0.loadBalancers } }
  var pools: [NodeRuntime] { state.withLock { $0.pools } }
  var exclusions: ExclusionList { state.withLock { $0.exclusions } }

  func item(named name: String) -> Item? { items.first { $0.object.name == name } }

  /// Notes a range that is about to be added, unless another one has its name or some of its
  /// addresses; answers that one.
  func propose(_ object: RangeObject) -> RangeConflict? {
    state.withLock { state in
      if let conflict = Self.conflict(of: object, with: state.items.map(\.object)) {
        return conflict
      }
      if var conflict = Self.conflict(of: object, with: state.proposed) {
        conflict.isOnItsWay = true
        return conflict
      }
      state.proposed.append(object)
      return nil
    }
  }

  /// A range that was proposed comes to nothing.
  func withdraw(_ object: RangeObject) {
    state.withLock { state in state.proposed.removeAll { $0.name == object.name } }
  }

  func publish(_ object: RangeObject, _ source: RangeSource) {
    state.withLock { state in
      state.proposed.removeAll { $0.name == object.name }
      source.setDraining(object.isDraining)
      source.setExclusions(state.exclusions.cidrs, closing: state.closingBlocks)
      state.items.append(Item(object: object, source: source))
      state.arrange()
    }
  }

  func setDraining(_ name: String, _ isDraining: Bool) {
    state.withLock { state in
      guard let index = state.items.firstIndex(where: { $0.object.name == name }) else { return }
      state.closingRanges.remove(name)
      state.items[index].object.isDraining = isDraining
      state.items[index].source.setDraining(isDraining)
    }
  }

  func remove(_ name: String) {
    state.withLock { state in
      state.items.removeAll { $0.object.name == name }
      state.arrange()
    }
  }

  func setExclusions(_ list: ExclusionList) {
    state.withLock { state in
      state.exclusions = list
      state.closingBlocks = []
      for item in state.items { item.source.setExclusions(list.cidrs, closing: []) }
    }
  }

  /// From now on nobody new gets an address of these blocks either.
  func close(_ blocks: [CIDR]) {
    state.withLock { state in
      state.closingBlocks = blocks
      for item in state.items {
        item.source.setExclusions(state.exclusions.cidrs, closing: blocks)
      }
    }
  }

  /// From now on nobody new gets an address of this range, or a block.
  func close(rangeNamed name: String) {
    state.withLock { state in
      guard let item = state.items.first(where: { $0.object.name == name }) else { return }
      state.closingRanges.insert(name)
      item.source.setDraining(true)
    }
  }

  /// Whether something is closed of which nothing shows it yet.
  var isClosing: Bool {
    state.withLock { !$0.closingBlocks.isEmpty || !$0.closingRanges.isEmpty }
  }

  /// Has a node's range refuse what all others refuse.
  func setExclusions(of range: AddressRange) {
    state.withLock { state in
      guard !state.exclusions.cidrs.isEmpty || !state.closingBlocks.isEmpty else { return }
      range.setExclusions(state.exclusions.cidrs, closing: state.closingBlocks)
    }
  }

  /// What keeps the range from standing beside the others; nil: nothing.
  static func conflict(of object: RangeObject, with others: [RangeObject]) -> RangeConflict? {
    for other in others {
      if let message = conflict(of: object, with: other) {
        return RangeConflict(message: message, other: other)
      }
    }
    return nil
  }

  private static func conflict(of object: RangeObject, with other: RangeObject) -> String? {
    if other.name == object.name {
      return "there is a range \(other.name) already: \(other.cidr), for \(other.purpose.name)"
    }
    if other.cidr.overlaps(object.cidr) {
      return "\(object.cidr) overlaps the range \(other.name), \(other.cidr)"
    }
    if object.purpose == .pool, other.purpose == .pool, other.network == object.network,
      other.cidr.family == object.cidr.family
    {
      return """
        the pool \(object.network) has an \(object.cidr.family.name) range already, \
        \(other.cidr): a pool has one of each family
        """
    }
    return nil
  }
}

/// Another range that one cannot stand beside.
struct RangeConflict: Sendable {
  /// For a person.
  let message: String
  let other: RangeObject

  /// The other one is not durable yet, and may come to nothing.
  var isOnItsWay = false
}

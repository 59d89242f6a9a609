import Addressing
import IPLedgerClient

/// Finds out what stands at every address of a range, by the methods that everybody has.
///
/// What objects hold is in their lists. The rest is asked about address by address, as far as the
/// range's counts say that there is something to find.
struct MapSurvey {
  let session: Session
  /// How many addresses are asked about one by one; nil: as many as the family's limit.
  let limit: Int?

  /// A whole /8 of IPv4.
  static let mostQuestions = 1 << 24
  /// Nobody waits for all of an IPv6 range.
  private static let mostQuestionsIPv6 = 1 << 20

  /// The map of a range, by its name or CIDR, or of a node's block.
  func map(of range: String) throws -> AddressMap {
    let item = try session.call("range.get", RangeOption.members(of: range))
    guard let cidr = item["cidr"]?.string.flatMap({ CIDR($0) }) else {
      throw CommandFailure(
        .notUnderstood, "the daemon's answer names no CIDR", next: "use an ipledger of its version")
    }
    let unitBits = item["unit"]?.string == "block" ? try blockBits(cidr.family) : 0
    var map = AddressMap(cidr, unitBits: unitBits)
    let most = limit ?? (cidr.family == .ipv4 ? Self.mostQuestions : Self.mostQuestionsIPv6)
    var held = PlaceSet(below: min(cidr.lastOffset >> unitBits, UInt128(most)) + 1)
    try eachHeld(in: item) { text in
      let first = text.split(separator: "/").first.map { String($0) } ?? text
      guard let address = IPAddress(first), let place = cidr.offset(of: address) else { return }
      if held.insert(place >> unitBits) { map.add(.used, at: place >> unitBits) }
    }
    if unitBits == 0 { try ask(item, held, atMost: most, &map) }
    return map
  }

  /// How many bits of an address a node's block leaves.
  private func blockBits(_ family: IPFamily) throws -> Int {
    let sizes = try session.call("server.info")["nodeCIDRMaskSizes"]
    let mask = sizes?[family.name]?.int.map { Int($0) } ?? family.bitWidth
    return max(family.bitWidth - mask, 0)
  }

  /// The addresses or blocks that objects hold.
  private func eachHeld(in range: JSON, _ body: (String) -> Void) throws {
    switch range["purpose"]?.string {
    case "service", "loadBalancer":
      try session.each(of: "service.list") { service in
        let ingress = service["status"]?["loadBalancer"]?["ingress"]?.array ?? []
        (service["spec"]?["clusterIPs"]?.strings ?? []).forEach(body)
        ingress.compactMap { $0["ip"]?.string }.forEach(body)
      }
    case "pod" where range["unit"]?.string == "block":
      try session.each(of: "node.list") { ($0["podCIDRs"]?.strings ?? []).forEach(body) }
    default:
      try session.each(of: "pod.list", .members(["node": range["node"]])) { pod in
        (pod["podIPs"]?.strings ?? []).forEach(body)
      }
    }
  }

  /// Asks about those that no object holds, where the counts say that some of them are not free.
  private func ask(
    _ range: JSON, _ held: PlaceSet, atMost most: Int, _ map: inout AddressMap
  ) throws {
    func count(_ name: String) -> UInt128 {
      range[name]?.string.flatMap { UInt128($0) } ?? 0
    }
    let reserved = count("reserved")
    let kept = reserved - min(reserved, UInt128(held.count))
    var hidden = count("excluded") + count("quarantined") + kept
    let last = map.cidr.lastOffset
    let end = last < UInt128(most) ? last + 1 : UInt128(most)
    var places = held.missing(below: end)
    var progress = Progress("Asking", of: Int(end))
    let most = try session.mostCalls(ofBytes: 200)
    var done: UInt128 = 0
    while hidden > 0, let some = places.next(most) {
      for (place, mark) in try marks(at: some, map.cidr) where mark != .never {
        map.add(mark, at: place)
        hidden -= min(hidden, 1)
      }
      progress.step(by: Int(places.position - done))
      done = places.position
    }
    progress.end()
    if end <= last { map.unseen = hidden }
    // The ends and the gateway are never handed out.
    let ends = Set([0, min(1, last), last]).sorted()
    for (place, mark) in try marks(at: ends, map.cidr) where mark == .never {
      map.add(mark, at: place)
    }
  }

  /// What stands at those places that are not free.
  private func marks(
    at places: [UInt128], _ cidr: CIDR
  ) throws -> [(place: UInt128, mark: AddressMap.Mark)] {
    let params = places.map { place -> JSON in ["ip": .string("\(cidr.address(at: place))")] }
    return try zip(places, session.call("ip.get", each: params)).compactMap { place, answer in
      Self.mark(answer["state"]?.string).map { (place, $0) }
    }
  }

  private static func mark(_ state: String?) -> AddressMap.Mark? {
    switch state {
    case "reserved": .used
    case "quarantined": .resting
    case "excluded": .excluded
    case "never": .never
    default: nil
    }
  }
}

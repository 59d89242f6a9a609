import Addressing
import IPLedgerClient

/// Finds out what stands at every address of a range, by the methods that everybody has.
struct MapSurvey {
  let session: Session

  /// No more addresses than these are asked about one by one.
  private static var mostQuestions: UInt128 { 65_536 }

  /// The map of a range, by its name or CIDR, or of a node's block.
  func map(of range: String) throws -> AddressMap {
    let which: JSON = range.contains("/") ? ["cidr": .string(range)] : ["name": .string(range)]
    let item = try session.call("range.get", which)
    guard let cidr = item["cidr"]?.string.flatMap({ CIDR($0) }) else {
      throw CommandFailure(
        .notUnderstood, "the daemon's answer names no CIDR", next: "use an ipledger of its version")
    }
    let unitBits = item["unit"]?.string == "block" ? try blockBits(cidr.family) : 0
    var marks: [UInt128: AddressMap.Mark] = [:]
    for text in try held(in: item) {
      let first = text.split(separator: "/").first.map { String($0) } ?? text
      guard let address = IPAddress(first), let place = cidr.offset(of: address) else { continue }
      marks[place >> unitBits] = .used
    }
    if unitBits == 0 { try ask(item, cidr, &marks) }
    return AddressMap(cidr, unitBits: unitBits, marks: marks)
  }

  /// How many bits of an address a node's block leaves.
  private func blockBits(_ family: IPFamily) throws -> Int {
    let sizes = try session.call("server.info")["nodeCIDRMaskSizes"]
    let mask = sizes?[family.name]?.int.map { Int($0) } ?? family.bitWidth
    return max(family.bitWidth - mask, 0)
  }

  /// The addresses or blocks that objects hold.
  private func held(in range: JSON) throws -> [String] {
    func items(_ method: String, _ params: JSON = [:]) throws -> [JSON] {
      try session.list(method, params)["items"]?.array ?? []
    }
    switch range["purpose"]?.string {
    case "service", "loadBalancer":
      return try items("service.list").flatMap { service in
        (service["spec"]?["clusterIPs"]?.strings ?? [])
          + (service["status"]?["loadBalancer"]?["ingress"]?.array ?? [])
          .compactMap { $0["ip"]?.string }
      }
    case "pod" where range["unit"]?.string == "block":
      return try items("node.list").flatMap { $0["podCIDRs"]?.strings ?? [] }
    default:
      let node = JSON.members(["node": range["node"]])
      return try items("pod.list", node).flatMap { $0["podIPs"]?.strings ?? [] }
    }
  }

  /// Asks about those that no object holds, where the counts say that some of them are not free.
  private func ask(
    _ range: JSON, _ cidr: CIDR, _ marks: inout [UInt128: AddressMap.Mark]
  ) throws {
    func count(_ name: String) -> Int {
      range[name]?.string.flatMap { Int($0) } ?? 0
    }
    var hidden = count("excluded") + count("quarantined") + max(count("reserved") - marks.count, 0)
    let end = min(cidr.lastOffset, Self.mostQuestions - 1)
    // The ends and the gateway are never handed out, and cost three questions.
    func ask(_ place: UInt128) throws {
      guard marks[place] == nil else { return }
      let answer = try session.call("ip.get", ["ip": .string("\(cidr.address(at: place))")])
      marks[place] = Self.mark(answer["state"]?.string)
    }
    for place in [0, min(1, end), cidr.lastOffset] { try ask(place) }
    guard hidden > 0 else { return }
    var progress = Progress("Asking", of: Int(end) + 1)
    for place in 0...end where hidden > 0 {
      progress.step()
      guard marks[place] == nil else { continue }
      try ask(place)
      if let mark = marks[place], mark != .never { hidden -= 1 }
    }
    progress.end()
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

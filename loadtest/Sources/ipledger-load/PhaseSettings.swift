/// What a scenario says about a phase, or about all of them; what it leaves out stays as it was.
struct PhaseSettings: Decodable {
  var name: String?
  var mode: Mode?
  var clients: Int?
  var depth: Int?
  var rate: Double?
  var seconds: Double?
  var warmUp: Double?
  var requests: Int?
  var nodes: Int?
  var nodeCapacity: Int?
  var podsPerNode: Int?
  var services: Int?
  var fill: Double?
  var containerIDLength: Int?
  var check: Bool?
  var keep: Bool?

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case name, mode, clients, depth, rate, seconds, warmUp, requests, nodes, nodeCapacity
    case podsPerNode, services, fill, containerIDLength, check, keep
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decodeIfPresent(String.self, forKey: .name)
    mode = try values.decodeIfPresent(Mode.self, forKey: .mode)
    clients = try values.decodeIfPresent(Int.self, forKey: .clients)
    depth = try values.decodeIfPresent(Int.self, forKey: .depth)
    rate = try values.decodeIfPresent(Double.self, forKey: .rate)
    seconds = try values.decodeIfPresent(Double.self, forKey: .seconds)
    warmUp = try values.decodeIfPresent(Double.self, forKey: .warmUp)
    requests = try values.decodeIfPresent(Int.self, forKey: .requests)
    nodes = try values.decodeIfPresent(Int.self, forKey: .nodes)
    nodeCapacity = try values.decodeIfPresent(Int.self, forKey: .nodeCapacity)
    podsPerNode = try values.decodeIfPresent(Int.self, forKey: .podsPerNode)
    services = try values.decodeIfPresent(Int.self, forKey: .services)
    fill = try values.decodeIfPresent(Double.self, forKey: .fill)
    containerIDLength = try values.decodeIfPresent(Int.self, forKey: .containerIDLength)
    check = try values.decodeIfPresent(Bool.self, forKey: .check)
    keep = try values.decodeIfPresent(Bool.self, forKey: .keep)
  }

  func apply(to plan: inout LoadPlan) {
    if let mode {
      plan.mode = mode
      plan.name = mode.rawValue
    }
    if let name { plan.name = name }
    if let clients { plan.clients = clients }
    if let depth { plan.depth = depth }
    if let rate { plan.rate = rate }
    if let warmUp { plan.warmUp = warmUp }
    // One of the two ends a phase: the later word wins over the earlier one's.
    if seconds != nil || requests != nil { (plan.seconds, plan.requests) = (seconds, requests) }
    if let nodes { plan.nodes = nodes }
    if let nodeCapacity { plan.nodeCapacity = nodeCapacity }
    if let podsPerNode { plan.podsPerNode = podsPerNode }
    if let services { plan.services = services }
    if let fill { plan.fill = fill }
    if let containerIDLength { plan.containerIDLength = containerIDLength }
    if let check { plan.checks = check }
    if let keep { plan.keeps = keep }
  }
}

/// Any name of a member.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// A member that nobody reads is a mistake, not a comment.
  func refuseKeys(except known: [String]) throws {
    let keys = try container(keyedBy: AnyKey.self).allKeys
    guard let unknown = keys.first(where: { !known.contains($0.stringValue) }) else { return }
    throw DecodingError.dataCorrupted(
      DecodingError.Context(
        codingPath: codingPath + [unknown],
        debugDescription: "there is no such member; there are \(known.joined(separator: ", "))"))
  }
}

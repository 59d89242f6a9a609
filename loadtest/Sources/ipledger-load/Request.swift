/// One request of a load: everything in its text follows from one number.
struct Request: Hashable {
  let operation: Operation
  /// The number of the node, the pod or the Service.
  let number: Int

  init(_ operation: Operation, _ number: Int) {
    self.operation = operation
    self.number = number
  }
}

/// The text of requests: everything but the numbers is copied as it stands.
struct RequestWriter {
  /// More than any request takes: the fixed text, five numbers and the longest container ID.
  static let largestRequest = 768
  static let containerIDLengths = 16...253

  private let nodes: Int
  /// What the container IDs of this phase have in front of the pod's number.
  private let containerPrefix: [UInt8]
  /// What the names of this phase's Services begin with.
  private let servicePrefix: [UInt8]
  /// The params of `server.authenticate`.
  private let credentials: [UInt8]
  /// The member `ipFamilies`, or nothing.
  private let families: [UInt8]

  /// - Parameters:
  ///   - run: sets the container IDs and Services of this phase apart from those of others.
  ///   - token: of printable ASCII without quotes and backslashes.
  init(
    nodes: Int, run: UInt64, containerIDLength: Int, families: [String] = [], token: String = ""
  ) {
    credentials = Array("{\"token\":\"\(token)\"}".utf8)
    precondition(Self.containerIDLengths.contains(containerIDLength), "checked by the command")
    self.nodes = nodes
    let digits = Array(String(run, radix: 16).utf8)
    let padding = Array(repeating: UInt8(ascii: "0"), count: 253)
    containerPrefix = Array((digits + padding).prefix(containerIDLength - 16))
    servicePrefix = digits
    let quoted = families.map { "\"\($0)\"" }.joined(separator: ",")
    self.families = families.isEmpty ? [] : Array("\"ipFamilies\":[\(quoted)],".utf8)
  }

  func write(_ request: Request, id: Int, to region: inout ByteRegion) {
    region.append("{\"jsonrpc\":\"2.0\",\"id\":")
    region.append(decimal: id)
    let number = request.number
    switch request.operation {
    case .register:
      region.append(",\"method\":\"node.register\",\"params\":{\"name\":\"load-")
      region.append(decimal: number)
      region.append("\"}}\n")
    case .reserve, .reserveAgain:
      region.append(",\"method\":\"pod.reserve\",\"params\":{\"node\":\"load-")
      region.append(decimal: number % nodes)
      region.append("\",")
      region.append(families)
      writeOwner(of: number, to: &region)
    case .release:
      region.append(",\"method\":\"pod.release\",\"params\":{")
      writeOwner(of: number, to: &region)
    case .reserveService:
      region.append(",\"method\":\"service.reserve\",\"params\":{")
      writeName(ofService: number, to: &region)
      region.append(
        ",\"spec\":{\"type\":\"ClusterIP\",\"ipFamilyPolicy\":\"PreferDualStack\"}}}\n")
    case .releaseService:
      region.append(",\"method\":\"service.release\",\"params\":{")
      writeName(ofService: number, to: &region)
      region.append("}}\n")
    case .describeServer:
      region.append(",\"method\":\"server.info\"}\n")
    case .authenticate:
      region.append(",\"method\":\"server.authenticate\",\"params\":")
      region.append(credentials)
      region.append("}\n")
    case .releaseNode:
      region.append(",\"method\":\"node.release\",\"params\":{\"name\":\"load-")
      region.append(decimal: number)
      region.append("\",\"force\":true}}\n")
    case .get:
      region.append(",\"method\":\"pod.get\",\"params\":{")
      writeOwner(of: number, to: &region)
    case .getService:
      region.append(",\"method\":\"service.get\",\"params\":{")
      writeName(ofService: number, to: &region)
      region.append("}}\n")
    }
  }

  private func writeOwner(of pod: Int, to region: inout ByteRegion) {
    region.append("\"namespace\":\"load\",\"name\":\"pod-")
    region.append(decimal: pod)
    region.append("\",\"containerID\":\"")
    region.append(containerPrefix)
    region.append(hexadecimal: UInt64(pod))
    region.append("\"}}\n")
  }

  private func writeName(ofService number: Int, to region: inout ByteRegion) {
    region.append("\"namespace\":\"load\",\"name\":\"s")
    region.append(servicePrefix)
    region.append("-")
    region.append(decimal: number)
    region.append("\"")
  }
}

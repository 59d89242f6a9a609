/// One request of a load: everything in its text follows from one number.
enum Request {
  case register(node: Int)
  case reserve(pod: Int)
  case release(pod: Int)
}

/// The text of requests: everything but the numbers is copied as it stands.
struct RequestWriter {
  /// More than any request takes: the fixed text, five numbers and the longest container ID.
  static let largestRequest = 512
  static let containerIDLengths = 16...253

  private let nodes: Int
  /// What the container IDs of this run have in front of the pod's number.
  private let containerPrefix: [UInt8]

  /// - Parameter run: sets the container IDs of this run apart from those of others.
  init(nodes: Int, run: UInt64, containerIDLength: Int) {
    precondition(Self.containerIDLengths.contains(containerIDLength), "checked by the command")
    self.nodes = nodes
    let digits = String(run, radix: 16)
    let padding = Array(repeating: UInt8(ascii: "0"), count: 253)
    containerPrefix = (Array(digits.utf8) + padding).prefix(containerIDLength - 16).map(\.self)
  }

  func write(_ request: Request, id: Int, to region: inout ByteRegion) {
    region.append("{\"jsonrpc\":\"2.0\",\"id\":")
    region.append(decimal: id)
    switch request {
    case .register(let node):
      region.append(",\"method\":\"node.register\",\"params\":{\"name\":\"load-")
      region.append(decimal: node)
      region.append("\"}}\n")
    case .reserve(let pod):
      region.append(",\"method\":\"pod.reserve\",\"params\":{\"node\":\"load-")
      region.append(decimal: pod % nodes)
      region.append("\",")
      writeOwner(of: pod, to: &region)
    case .release(let pod):
      region.append(",\"method\":\"pod.release\",\"params\":{")
      writeOwner(of: pod, to: &region)
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
}

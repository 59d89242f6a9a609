package import Addressing

/// What `node.register` asks for.
package struct NodeRegisterParams: MethodParams {
  package enum OperatingSystem: String, Sendable, CaseIterable {
    case linux, windows
  }

  /// How a Windows node joins the pod network.
  package enum NetworkMode: String, Sendable, CaseIterable {
    case l2bridge, overlay
  }

  package var name: String

  /// The node's own addresses in order; nil when left out: a node that is registered keeps its own.
  package var nodeIPs: [IPAddress]?

  /// Explicit blocks; nil, also for an empty list: the server chooses them.
  package var podCIDRs: [CIDR]?
  package var os: OperatingSystem
  package var networkMode: NetworkMode?
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case name, nodeIPs, podCIDRs, os, networkMode
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var name: String?
    os = .linux
    while let key = decoder.next(Self.names) {
      switch key {
      case .name: name = decoder.nameString()
      case .nodeIPs: nodeIPs = decoder.addresses()
      case .podCIDRs:
        let blocks = decoder.cidrs()
        podCIDRs = blocks.isEmpty ? nil : blocks
      case .os: os = decoder.choice(OperatingSystem.self) ?? .linux
      case .networkMode: networkMode = decoder.choice(NetworkMode.self)
      }
    }
    decoder.require("name", isThere: name != nil)
    try decoder.finish()
    guard let name else { preconditionFailure("what is required was looked for") }
    self.name = name
    deadline = decoder.deadline
  }

  package static let members: [SchemaMember] = [
    .required("name", Schema.name, "The node's name."),
    .optional(
      "nodeIPs", Schema.list(Schema.address, atMost: 2),
      "The node's own addresses, at most one per family; replaced when registered again."),
    .optional(
      "podCIDRs", Schema.list(Schema.cidr, atMost: 2),
      "Explicit blocks in the cluster's family order; chosen by the server when left out."),
    .optional("os", Schema.choice("linux", "windows"), "linux when left out."),
    .optional(
      "networkMode", Schema.choice("l2bridge", "overlay"),
      "How a Windows node joins the pod network."),
  ]
}

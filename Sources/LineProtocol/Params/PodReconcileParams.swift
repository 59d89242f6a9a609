internal import Addressing

/// What `pod.reconcile` asks for: which owners of a node live, so that the others are released.
package struct PodReconcileParams: MethodParams {
  /// One owner that lives; the whole list has one of the two forms.
  package enum LiveOwner: Sendable, Hashable {
    /// Nil: all interfaces of the container.
    case container(JSONText, interface: JSONText?)
    /// Nil: whatever the pod's uid.
    case pod(namespace: JSONText, name: JSONText, uid: JSONText?)

    fileprivate var isContainer: Bool {
      if case .container = self { true } else { false }
    }
  }

  package var node: JSONText

  /// Nil when left out: the default network.
  package var network: JSONText?
  package var live: [LiveOwner]
  package var olderThanSeconds: Int
  package var dryRun: Bool
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case node, network, live, olderThanSeconds, dryRun
  }

  private static let names = ParamNames<Key>()

  /// Seconds that a reservation is safe when the request does not say.
  package static let usualAge = 60

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var node: JSONText?
    var live: [LiveOwner]?
    var age: Int?
    var isDryRun = false
    while let key = decoder.next(Self.names) {
      switch key {
      case .node: node = decoder.name()
      case .network: network = decoder.name()
      case .live: live = Self.readLive(&decoder)
      case .olderThanSeconds: age = decoder.integer(in: 0...315_360_000)
      case .dryRun: isDryRun = decoder.flag() ?? false
      }
    }
    decoder.require("node", isThere: node != nil)
    decoder.require("live", isThere: live != nil)
    try decoder.finish()
    guard let node, let live else { preconditionFailure("what is required was looked for") }
    self.node = node
    self.live = live
    olderThanSeconds = age ?? Self.usualAge
    dryRun = isDryRun
    deadline = decoder.deadline
  }

  private enum LiveKey: String, CaseIterable {
    case containerID, interface, namespace, name, uid
  }

  private static let liveNames = ParamNames<LiveKey>()

  /// As many as fit into a line: a node's whole truth is one list.
  private static func readLive(_ decoder: inout ParamsDecoder) -> [LiveOwner]? {
    guard decoder.enterList() else { return nil }
    var owners: [LiveOwner] = []
    var index = 0
    while decoder.reader.nextElement() {
      if let owner = readOwner(index, &decoder) {
        if let first = owners.first, first.isContainer != owner.isContainer {
          decoder.add(
            decoder.path(index), .invalid,
            "all of the list are containers (containerID), or all are pods (namespace and name)")
        }
        owners.append(owner)
      }
      index += 1
    }
    return owners
  }

  private static func readOwner(_ index: Int, _ decoder: inout ParamsDecoder) -> LiveOwner? {
    guard let outer = decoder.enterElement(index) else { return nil }
    defer { decoder.leaveObject(outer) }
    var containerID: JSONText?
    var interface: JSONText?
    var namespace: JSONText?
    var name: JSONText?
    var uid: JSONText?
    var isContainer = false
    while let key = decoder.next(liveNames) {
      switch key {
      case .containerID:
        isContainer = true
        containerID = decoder.name()
      case .interface: interface = decoder.name()
      case .namespace: namespace = decoder.name()
      case .name: name = decoder.name()
      case .uid: uid = decoder.name()
      }
    }
    if isContainer {
      for (field, isThere) in [
        ("namespace", namespace != nil), ("name", name != nil), ("uid", uid != nil),
      ] {
        decoder.forbid(decoder.inner(field), isThere: isThere, with: "containerID")
      }
      return containerID.map { .container($0, interface: interface) }
    }
    decoder.forbid(decoder.inner("interface"), isThere: interface != nil, with: "namespace")
    decoder.require(decoder.inner("namespace"), isThere: namespace != nil)
    decoder.require(decoder.inner("name"), isThere: name != nil)
    guard let namespace, let name else { return nil }
    return .pod(namespace: namespace, name: name, uid: uid)
  }

  package static let members: [SchemaMember] = [
    .required("node", Schema.name, "The node whose reservations are looked at."),
    .optional("network", Schema.name, "The network; `default` when left out."),
    .required(
      "live",
      Schema.list(
        Schema.object([
          .optional("containerID", Schema.name, "A container that lives."),
          .optional("interface", Schema.name, "With containerID; all of them when left out."),
          .optional("namespace", Schema.name, "With name: a pod that lives."),
          .optional("name", Schema.name, "With namespace."),
          .optional("uid", Schema.name, "With namespace and name; any when left out."),
        ])),
      "All that lives, in one form throughout; [] when nothing does."),
    .optional("olderThanSeconds", Schema.count, "Younger reservations stay; 60 when left out."),
    .optional("dryRun", Schema.flag, "Only says what would be released."),
  ]
}

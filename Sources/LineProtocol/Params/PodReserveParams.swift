internal import Addressing

/// What `pod.reserve` asks for.
///
/// Decoding it touches no heap unless something is wrong with it.
package struct PodReserveParams: MethodParams {
  package var node: JSONText
  package var owner: PodOwnerText

  /// Empty: every family that the node has, in the cluster's order.
  package var families: FamilyOrder

  /// Addresses asked for by name, at most one per family, in the order sent; their families are
  /// among `families` unless that is empty.
  package var ips: IPPair

  /// Nil when left out.
  package var labels: LabelText?
  package var ifRevision: UInt64?

  /// A lease of so many seconds, from 1 to ten years; nil: for good.
  package var ttlSeconds: Int?

  /// After its release the addresses are kept for the pod's next reservation.
  package var sticky = false

  /// Milliseconds since 1970 after which nothing is started any more.
  package var deadline: Int64?

  private enum Key: String, CaseIterable {
    case node, namespace, name, containerID, interface, uid, network, ipFamilies, ips, labels
    case ifRevision, ttlSeconds, sticky
  }

  private static let names = ParamNames<Key>()

  package init(
    line: Span<UInt8>, object: Range<Int>?, limits: ProtocolLimits
  ) throws(ErrorReply) {
    var decoder = ParamsDecoder(line: line, object: object, limits: limits)
    var node: JSONText?
    var owner = PodOwnerFields()
    families = FamilyOrder()
    ips = IPPair()
    while let key = decoder.next(Self.names) {
      switch key {
      case .node: node = decoder.name()
      case .namespace: owner.namespace = decoder.name()
      case .name: owner.name = decoder.name()
      case .containerID: owner.containerID = decoder.name()
      case .interface: owner.interface = decoder.name()
      case .uid: owner.uid = decoder.name()
      case .network: owner.network = decoder.name()
      case .ipFamilies: families = decoder.families()
      case .ips: ips = decoder.addressPerFamily()
      case .labels: labels = decoder.labels()
      case .ifRevision: ifRevision = decoder.revision()
      case .ttlSeconds: ttlSeconds = decoder.integer(in: 1...315_360_000)
      case .sticky: sticky = decoder.flag() ?? false
      }
    }
    decoder.require("node", isThere: node != nil)
    owner.require(&decoder)
    Self.check(ips, among: families, &decoder)
    try decoder.finish()
    guard let node, let owner = owner.owner(decoder) else {
      preconditionFailure("what is required was looked for")
    }
    self.node = node
    self.owner = owner
    deadline = decoder.deadline
  }

  /// A static address of a family that `ipFamilies` leaves out contradicts it.
  private static func check(
    _ ips: IPPair, among families: FamilyOrder, _ decoder: inout ParamsDecoder
  ) {
    guard !families.isEmpty else { return }
    for position in 0..<ips.count where !families.contains(ips[position].family) {
      decoder.add(
        "ips[\(position)]", .invalid,
        "\(ips[position].family.name) is not among ipFamilies: add it there, or drop the address")
    }
  }

  package static let members: [SchemaMember] =
    [.required("node", Schema.name, "The node whose pod CIDRs the addresses come from.")]
    + PodOwnerText.members + [
      .optional(
        "ipFamilies", Schema.families,
        "Which families, in which order; every family of the node when left out."),
      .optional(
        "ips", Schema.list(Schema.address, atMost: 2),
        "Static addresses, at most one per family; other families are filled in."),
      .optional("labels", Schema.labels, "Replaced when the reserve is repeated."),
      .optional("ifRevision", Schema.revision, "Applies to this generation only, else Conflict."),
      .optional(
        "ttlSeconds", Schema.count,
        "A lease, 1 to 315360000 seconds: renewed by a repeat, made permanent by one without it."),
      .optional(
        "sticky", Schema.flag,
        "After its release the addresses are kept for the pod's next reservation."),
    ]
}

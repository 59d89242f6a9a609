package import AddressBitmap
package import Addressing

/// A request for a pod's addresses, filled member by member into buffers that are used again.
///
/// It cannot be copied, so that handing it on counts no references.
package struct PodDraft: ~Copyable, Sendable {
  /// The packed owner key: network, namespace, name, incarnation and interface, with `endMember`
  /// between them.
  package var key = GrowingBytes()
  package var node = GrowingBytes()
  package var uid = GrowingBytes()
  package var containerID = GrowingBytes()
  package var isUIDGiven = false
  package var isContainerIDGiven = false

  /// Empty: every family of the node, in the cluster's order.
  package var families = FamilyPair<IPFamily>()
  package var addresses = FamilyPair<IPAddress>()

  /// Packed labels: a count and the pairs; nil when the request names none.
  package var labels: [UInt8]?
  package var ifRevision: UInt64?

  /// The lease asked for; nil: for good.
  package var ttlSeconds: Int?

  /// After the release the addresses are kept for the owner's next reservation.
  package var isSticky = false

  /// Where the network ends and where the name ends in `key`: what `all` releases are found by.
  package private(set) var nameRange = 0..<0

  /// Nothing on another node than `node` may change.
  package var keepsToNode = false

  package init() {}

  /// Sets the labels, in any order; equal labels give equal bytes.
  package mutating func setLabels(_ pairs: [String: String]) {
    var writer = PackedWriter(key: [UInt8]().span, bodyCapacity: 64)
    writer.length(pairs.count)
    for pair in pairs.sorted(by: { $0.key < $1.key }) {
      writer.text(pair.key)
      writer.text(pair.value)
    }
    labels = Array(writer.bytes.dropFirst(2))
  }

  package mutating func reset() {
    key.removeAll()
    node.removeAll()
    uid.removeAll()
    containerID.removeAll()
    isUIDGiven = false
    isContainerIDGiven = false
    families = FamilyPair()
    addresses = FamilyPair()
    labels = nil
    ifRevision = nil
    ttlSeconds = nil
    isSticky = false
    keepsToNode = false
  }

  /// Ends a member of the key.
  package mutating func endMember() { key.append(0) }

  /// The namespace comes next in the key.
  package mutating func beginName() { nameRange = key.count..<key.count }

  /// The pod's name has been added to the key.
  package mutating func endName() { nameRange = nameRange.lowerBound..<key.count }

  /// Adds what tells one of the pod's incarnations from another.
  package mutating func addInstance() {
    if isContainerIDGiven {
      key.append(containerID)
    } else if isUIDGiven {
      key.append(uid)
    }
  }

  var instance: PodObject.Instance {
    isContainerIDGiven ? .containerID : isUIDGiven ? .uid : .none
  }

  /// What the body of most objects takes, without what is kept of a former one: there are
  /// millions, so it is no more than it has to be.
  private func bodyCapacity(_ origin: Origin) -> Int {
    let lease = ttlSeconds == nil ? 0 : 13
    let uid = isContainerIDGiven && isUIDGiven ? uid.count + 2 : 0
    // Flags, the node with its length, and two addresses with how they came about.
    return 1 + (origin == .own ? 1 : 17) + lease + uid + node.count + 2 + 23
  }

  /// The object that the ledger will hold.
  ///
  /// - Parameters:
  ///   - time: now, in milliseconds since 1970: a lease counts from it, and nothing else.
  ///   - former: the reservation that is repeated; what the request leaves out is kept of it.
  func packed(
    addresses chosen: FamilyPair<PodObject.Address>, origin: Origin, time: Int64,
    former: PodObject? = nil
  ) -> PackedObject {
    let core = former?.core()
    let labels = labels ?? core.flatMap { former?.labelBytes($0) }
    let keptUID = isUIDGiven ? nil : core?.uid
    let kept = (keptUID.map { $0.count + 2 } ?? 0) + (labels?.count ?? 1)
    let uidFollows = isContainerIDGiven && (isUIDGiven || keptUID != nil)
    var flags = instance.rawValue
    if uidFollows { flags |= PodObject.uidFollows }
    if ttlSeconds != nil { flags |= PodObject.leaseFollows }
    if isSticky { flags |= PodObject.sticky }
    let capacity = 2 + key.count + bodyCapacity(origin) + kept
    let bytes = [UInt8](filling: capacity) { writer in
      writer.key(key.span)
      writer.byte(flags)
      origin.write(to: &writer)
      if let ttlSeconds {
        writer.word(UInt64(bitPattern: time + Int64(ttlSeconds) * 1000))
        writer.length(ttlSeconds)
      }
      if uidFollows {
        if let keptUID, let former {
          writer.text(former.packed.bytes.span.extracting(keptUID))
        } else {
          writer.text(uid.span)
        }
      }
      writer.text(node.span)
      PodObject.write(chosen, to: &writer)
      if let labels { writer.append(labels.span) } else { writer.byte(0) }
    }
    return PackedObject(bytes: bytes)
  }
}

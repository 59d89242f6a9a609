import AddressBitmap
import Allocation
import LineProtocol

/// One call fills the draft: each access to it from outside costs a check.
extension PodDraft {
  mutating func fill(_ params: PodReserveParams, _ line: Span<UInt8>) {
    fill(params.owner, line)
    params.node.append(to: &node, from: line)
    for position in 0..<params.families.count { families.append(params.families[position]) }
    for position in 0..<params.ips.count { addresses.append(params.ips[position]) }
    if let labels = params.labels { setLabels(labels.pairs(in: line)) }
    ifRevision = params.ifRevision
    ttlSeconds = params.ttlSeconds
    isSticky = params.sticky
  }

  /// Puts the owner key into the draft, and empties everything else of it.
  mutating func fill(_ owner: PodOwnerText, _ line: Span<UInt8>) {
    reset()
    if let uid = owner.uid {
      uid.append(to: &self.uid, from: line)
      isUIDGiven = true
    }
    if let containerID = owner.containerID {
      containerID.append(to: &self.containerID, from: line)
      isContainerIDGiven = true
    }
    if let network = owner.network {
      network.append(to: &key, from: line)
    } else {
      key.append("default")
    }
    endMember()
    beginName()
    owner.namespace.append(to: &key, from: line)
    endMember()
    owner.name.append(to: &key, from: line)
    endName()
    endMember()
    addInstance()
    endMember()
    if let interface = owner.interface {
      interface.append(to: &key, from: line)
    } else {
      key.append("eth0")
    }
  }
}

extension JSONText {
  /// As into an array; text without escapes is copied as it stands.
  fileprivate func append(to bytes: inout GrowingBytes, from line: Span<UInt8>) {
    guard isEscaped else { return bytes.append(line.extracting(range)) }
    var text: [UInt8] = []
    append(to: &text, from: line)
    bytes.append(contentsOf: text)
  }
}

import AddressBitmap
import Addressing
import Allocation

/// A `pod.reserve` as a client would send it.
struct PodRequest {
  var node = "n0"
  var namespace = "default"
  var name = "p0"
  var uid: String?
  var containerID: String?
  var interface = "eth0"
  var families: [IPFamily] = []
  var ips: [IPAddress] = []
  var labels: [String: String]?
  var ifRevision: UInt64?
  var ttlSeconds: Int?
  var isSticky = false
  var keepsToNode = false

  var key: String {
    ["default", namespace, name, containerID ?? uid ?? "", interface].joined(separator: "\0")
  }

  var draft: PodDraft {
    var draft = PodDraft()
    draft.node = GrowingBytes(node.utf8)
    if let uid {
      draft.uid = GrowingBytes(uid.utf8)
      draft.isUIDGiven = true
    }
    if let containerID {
      draft.containerID = GrowingBytes(containerID.utf8)
      draft.isContainerIDGiven = true
    }
    draft.key = GrowingBytes("default".utf8)
    draft.endMember()
    draft.beginName()
    draft.key.append(contentsOf: Array(namespace.utf8))
    draft.endMember()
    draft.key.append(contentsOf: Array(name.utf8))
    draft.endName()
    draft.endMember()
    draft.addInstance()
    draft.endMember()
    draft.key.append(contentsOf: Array(interface.utf8))
    for family in families { draft.families.append(family) }
    for address in ips { draft.addresses.append(address) }
    if let labels { draft.setLabels(labels) }
    draft.ifRevision = ifRevision
    draft.ttlSeconds = ttlSeconds
    draft.isSticky = isSticky
    draft.keepsToNode = keepsToNode
    return draft
  }

  /// The release of what this request reserves.
  var target: PodTarget {
    let draft = draft
    return .owner(key: draft.key.array, nameRange: draft.nameRange)
  }
}

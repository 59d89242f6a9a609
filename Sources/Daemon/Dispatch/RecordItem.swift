import Addressing
import Allocation
import LineProtocol

/// A record of the ledger, as `ledger.read` and events show it.
struct RecordItem {
  let record: LedgerRecord

  /// Writes it as one object; with `watch`, which an event has besides.
  func append(to writer: inout JSONWriter, watch: String? = nil) {
    writer.beginObject()
    if let watch {
      writer.name("watch")
      writer.value(watch)
    }
    writer.name("revision")
    writer.value(record.revision)
    writer.name("time")
    writer.value(time: record.time)
    writer.name("type")
    writer.value(record.type.name)
    writer.name("kind")
    writer.value(record.kind.name)
    writer.name("actor")
    writer.value(record.actor)
    writer.name("object")
    appendObject(to: &writer)
    writer.endObject()
  }

  private func appendObject(to writer: inout JSONWriter) {
    switch record.kind {
    case .pod: appendPod(to: &writer)
    case .service:
      let service = ServiceObject(record.object)
      ServiceItem(
        service, generation: service.origin.generation(in: record.revision),
        reservedAt: service.origin.reservedAt ?? record.time
      ).append(to: &writer)
    case .node:
      let node = NodeObject(record.object)
      NodeItem(
        node: NodeFields(node), reservedAt: node.origin.reservedAt ?? record.time,
        revision: node.origin.generation(in: record.revision)
      ).append(to: &writer)
    case .range:
      RangeRecordItem(RangeRecord(record.object)).append(to: &writer, revision: record.revision)
    }
  }

  /// The same as `PodItem` writes, straight from the record's bytes: a follower may be a million
  /// pods behind.
  private func appendPod(to writer: inout JSONWriter) {
    let pod = PodObject(record.object)
    let layout = pod.layout
    let bytes = record.object.bytes
    writer.beginObject()
    writer.name("node")
    writer.value(utf8: bytes.span.extracting(layout.node))
    writer.name("namespace")
    writer.value(utf8: bytes.span.extracting(layout.namespace))
    writer.name("name")
    writer.value(utf8: bytes.span.extracting(layout.name))
    if let uid = layout.uid {
      writer.name("uid")
      writer.value(utf8: bytes.span.extracting(uid))
    }
    if let containerID = layout.containerID {
      writer.name("containerID")
      writer.value(utf8: bytes.span.extracting(containerID))
    }
    writer.name("interface")
    writer.value(utf8: bytes.span.extracting(layout.interface))
    writer.name("network")
    writer.value(utf8: bytes.span.extracting(layout.network))
    append(layout.addresses, to: &writer)
    if layout.hasLabels { appendLabels(of: pod, to: &writer) }
    writer.name("reservedAt")
    writer.value(time: layout.origin.reservedAt ?? record.time)
    if let lease = layout.lease {
      writer.name("expiresAt")
      writer.value(time: lease.expiresAt)
    }
    writer.name("revision")
    writer.value(layout.origin.generation(in: record.revision))
    writer.endObject()
  }

  private func append(
    _ addresses: FamilyPair<PodObject.Address>, to writer: inout JSONWriter
  ) {
    if let first = addresses.first {
      writer.name("podIP")
      writer.value(first.address)
    }
    writer.name("podIPs")
    writer.beginArray()
    if let first = addresses.first { writer.value(first.address) }
    if let second = addresses.second { writer.value(second.address) }
    writer.endArray()
    writer.name("ipFamilies")
    writer.beginArray()
    if let first = addresses.first { writer.value(first.address.family.name) }
    if let second = addresses.second { writer.value(second.address.family.name) }
    writer.endArray()
  }

  private func appendLabels(of pod: PodObject, to writer: inout JSONWriter) {
    writer.name("labels")
    writer.beginObject()
    for label in pod.labels {
      writer.name(label.key)
      writer.value(label.value)
    }
    writer.endObject()
  }
}

extension RecordType {
  /// As events spell it.
  var name: String {
    switch self {
    case .reserved: "Reserved"
    case .updated: "Updated"
    case .released: "Released"
    case .expired: "Expired"
    }
  }
}

/// Which records a watch is about.
struct RecordFilter: Sendable {
  private let kinds: Set<UInt8>?
  private let namespace: [UInt8]?
  private let node: [UInt8]?

  init(_ filter: LedgerWatchParams.Filter) {
    kinds = filter.kinds.map { Set($0.compactMap { Self.kind($0)?.rawValue }) }
    namespace = filter.namespace.map { Array($0.utf8) }
    node = filter.node.map { Array($0.utf8) }
  }

  private static func kind(_ kind: LedgerWatchParams.Kind) -> ObjectKind? {
    switch kind {
    case .pod: .pod
    case .service: .service
    case .node: .node
    case .range: .range
    }
  }

  func matches(_ record: LedgerRecord) -> Bool {
    if let kinds, !kinds.contains(record.kind.rawValue) { return false }
    if let namespace {
      let member = record.object.bytes.span.extracting(record.object.keyRange)
      switch record.kind {
      case .pod:
        guard PodObject(record.object).hasNamespace(namespace) else { return false }
      case .service:
        guard member.count > namespace.count, member[namespace.count] == 0,
          (0..<namespace.count).allSatisfy({ member[$0] == namespace[$0] })
        else { return false }
      case .node, .range: return false
      }
    }
    guard let node else { return true }
    switch record.kind {
    case .pod: return PodObject(record.object).isOn(node.span)
    case .node: return NodeObject(record.object).key == node
    case .service, .range: return false
    }
  }
}

extension PodObject {
  fileprivate func hasNamespace(_ namespace: [UInt8]) -> Bool {
    packed.bytes[layout.namespace].elementsEqual(namespace)
  }
}

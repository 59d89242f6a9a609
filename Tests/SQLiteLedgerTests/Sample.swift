import AddressBitmap
import Addressing
import FaultKit
import Foundation

@testable import Allocation
@testable import SQLiteLedger

/// A record that a test writes.
struct Entry {
  var kind: ObjectKind
  var type: RecordType
  var object: PackedObject
  var actor = "cni"
}

final class NoObserver: BatchObserver {
  func settled(_ batch: consuming ChangeBatch) {}
}

/// Objects as the engine would make them.
enum Sample {
  static func pod(
    _ name: String, node: String = "node-1", ipv4: String? = nil, ipv6: String? = nil,
    isStatic: Bool = false, origin: Origin = .own
  ) -> PackedObject {
    var draft = PodDraft()
    draft.key = GrowingBytes("default\0".utf8)
    draft.beginName()
    draft.key.append(contentsOf: Array("web\0\(name)".utf8))
    draft.endName()
    draft.key.append(contentsOf: Array("\0\0eth0".utf8))
    draft.node = GrowingBytes(node.utf8)
    var addresses = FamilyPair<PodObject.Address>()
    for text in [ipv4, ipv6].compactMap(\.self) {
      guard let address = IPAddress(text) else { preconditionFailure("\(text) is an address") }
      addresses.append(PodObject.Address(address: address, isStatic: isStatic))
    }
    return draft.packed(addresses: addresses, origin: origin, time: 0)
  }

  static func node(
    _ name: String, blocks: [String] = ["10.0.1.0/24", "fd00:1::/64"], isExplicit: Bool = false
  ) -> PackedObject {
    NodeObject(
      name: name, podCIDRs: blocks.compactMap { CIDR($0) },
      nodeIPs: [IPAddress("192.0.2.1")].compactMap(\.self), os: "linux", networkMode: nil,
      isExplicit: isExplicit, origin: .own
    ).packed()
  }

  /// A Service of which the ledger looks at no more than the origin.
  static func service(_ name: String, origin: Origin = .own) -> PackedObject {
    var writer = PackedWriter(
      key: ServiceObject.key(namespace: "web", name: name).span, bodyCapacity: 64)
    origin.write(to: &writer)
    writer.length(1)
    writer.address(IPAddress(family: .ipv4, value: 0x0A60_0001))
    writer.optional(nil)
    for _ in 0..<2 {
      for _ in 0..<6 { writer.optional(nil) }
      for _ in 0..<3 { writer.list(nil) }
    }
    return PackedObject(bytes: writer.bytes)
  }
}

extension SQLiteLedger {
  /// Commits the entries as one transaction; record i has the time `time`.
  func write(_ entries: [Entry], time: Int64 = 1000) throws(LedgerFailure) {
    var batch = ChangeBatch(observer: NoObserver())
    for entry in entries {
      batch.append(
        Change(kind: entry.kind, type: entry.type, object: entry.object, actor: entry.actor))
    }
    do throws(LedgerFailure) {
      try begin()
      try append(batch, firstRevision: newestRevision + 1, time: time)
      try commit()
    } catch {
      rollBack()
      throw error
    }
  }

  func reserve(_ object: PackedObject, time: Int64 = 1000) throws(LedgerFailure) {
    try write([Entry(kind: .pod, type: .reserved, object: object)], time: time)
  }

  var tail: [LedgerRecord] {
    get throws {
      var records: [LedgerRecord] = []
      try readTail { records.append($0) }
      return records
    }
  }

  var state: [StoredObject] {
    get throws {
      var objects: [StoredObject] = []
      try readState { objects.append($0) }
      return objects
    }
  }

  /// The cursors as text, in a fixed order.
  var cursorLines: [String] {
    get throws {
      var lines: [String] = []
      try readCursors {
        lines.append("\(String(decoding: $0.node, as: UTF8.self)) \($0.address) @\($0.revision)")
      }
      return lines.sorted()
    }
  }

  func deriveAll(window: Int = 100) throws {
    while try derive(atMost: window) > 0 {}
  }
}

extension TemporaryFolder {
  var ledger: String { file("ledger.db") }

  /// What a crash would leave now: the files of the ledger in `path`, in a folder of their own.
  func crashed(_ path: String) throws -> TemporaryFolder {
    let copy = try TemporaryFolder()
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy.ledger + suffix)
    }
    return copy
  }

  /// Cuts off what was never written of the log's file.
  func trimLog() throws {
    let log = try bytes("-wal")
    let end = (log.lastIndex { $0 != 0 } ?? -1) + 1
    let frame = LedgerSchema.pageSize + 24
    try replace("-wal", with: log[..<min(log.count, 32 + (end - 32 + frame - 1) / frame * frame)])
  }

  func bytes(_ suffix: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: ledger + suffix)))
  }

  func replace(_ suffix: String, with bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: ledger + suffix))
  }
}

/// Small logs: tests open many ledgers.
let small = LedgerOptions(logBytes: 1 << 18)

/// Room for some sixty commits before the first checkpoint.
let patient = LedgerOptions(logBytes: 2 << 20)

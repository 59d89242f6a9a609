import AddressBitmap
import Addressing
import Allocation

/// A pod's reservation, spelled out.
struct ModelPod: Equatable {
  var node: String
  var uid: String?
  var containerID: String?
  var addresses: [ModelAddress]
  var labels: [String: String]

  init(_ request: PodRequest, addresses: [ModelAddress]) {
    node = request.node
    uid = request.uid
    containerID = request.containerID
    self.addresses = addresses
    labels = request.labels ?? [:]
  }

  init(_ pod: PodObject) {
    node = pod.node
    uid = pod.uid
    containerID = pod.containerID
    addresses = pod.addresses.array.map {
      ModelAddress(address: $0.address, isStatic: $0.isStatic)
    }
    labels = Dictionary(pod.labels.map { ($0.key, $0.value) }) { first, _ in first }
  }
}

struct ModelAddress: Equatable {
  let address: IPAddress
  let isStatic: Bool
}

/// An object of any kind, without what the ledger adds to it.
enum ModelObject: Equatable {
  case pod(ModelPod)
  case service(ServiceObject)
  case node(NodeObject)

  init(_ kind: ObjectKind, _ packed: PackedObject) {
    switch kind {
    case .pod: self = .pod(ModelPod(PodObject(packed)))
    case .service:
      var service = ServiceObject(packed)
      service.origin = .own
      self = .service(service)
    case .node:
      var node = NodeObject(packed)
      node.origin = .own
      self = .node(node)
    case .range: preconditionFailure("the simulator changes no ranges")
    }
  }

  var kind: ObjectKind {
    switch self {
    case .pod: .pod
    case .service: .service
    case .node: .node
    }
  }
}

/// Which object: its kind and the text of its key.
struct Subject: Hashable, Comparable, CustomStringConvertible {
  let kind: ObjectKind
  let key: String

  static func < (left: Subject, right: Subject) -> Bool { left.key < right.key }

  var description: String {
    "\(kind.name) \(key.split(separator: "\0", omittingEmptySubsequences: false))"
  }
}

/// An object that is durable.
struct ModelEntry: Equatable {
  var object: ModelObject
  var generation: UInt64
  var reservedAt: Int64
}

/// A record on its way.
struct ModelChange {
  let subject: Subject
  let type: RecordType
  let object: ModelObject
  /// Nil: the record's own revision, or time, counts.
  var generation: UInt64?
  var reservedAt: Int64?
  var claims: [ModelClaim] = []
  var freed: [IPAddress] = []
}

/// What the engine put into a batch, to be held against the model's change.
struct SeenChange: Equatable {
  let subject: Subject
  let type: RecordType
  let object: ModelObject

  init(_ batch: borrowing ChangeBatch, at position: Int) {
    let kind = batch.changes[position].kind
    let packed = batch.changes[position].object
    subject = Subject(kind: kind, key: packed.keyMembers.joined(separator: "\0"))
    type = batch.changes[position].type
    object = ModelObject(kind, packed)
  }

  init(_ change: ModelChange) {
    subject = change.subject
    type = change.type
    object = change.object
  }
}

/// What comes of a request, in the model's words.
enum ModelOutcome {
  case answered(ModelAnswer)
  case recorded([ModelChange])
  case wait
  case refused(ModelRefusal)
}

struct ModelAnswer: Equatable {
  var object: ModelObject?
  var revision: UInt64
  var isExisting = false
}

enum ModelRefusal: Equatable {
  case invalid
  case exhausted(CIDR)
  case alreadyReserved(IPAddress, OwnerName?)
  case outOfRange(IPAddress)
  case notFound
  case conflict(revision: UInt64?)
  case unavailable

  init(_ refusal: Refusal) {
    switch refusal {
    case .invalid: self = .invalid
    case .exhausted(let exhaustion): self = .exhausted(exhaustion.range)
    case .alreadyReserved(let address, _, let owner): self = .alreadyReserved(address, owner)
    case .outOfRange(let address, _, _, _): self = .outOfRange(address)
    case .notFound: self = .notFound
    case .conflict(_, let revision, _): self = .conflict(revision: revision)
    case .ledger, .outOfScope, .overloaded, .shuttingDown: self = .unavailable
    }
  }
}

import AddressBitmap
package import Addressing

/// The claims of one record: at most one address a family, in the order of the object's addresses.
struct ClaimPair: ~Copyable, Sendable {
  var first: Claim?
  var second: Claim?

  init(_ first: consuming Claim? = nil, _ second: consuming Claim? = nil) {
    self.first = first
    self.second = second
  }

  var firstAddress: IPAddress? {
    switch first {
    case .some(let claim): claim.address
    case .none: nil
    }
  }

  var secondAddress: IPAddress? {
    switch second {
    case .some(let claim): claim.address
    case .none: nil
    }
  }

  var addresses: [IPAddress] { FamilyPair(firstAddress, secondAddress).array }

  /// The addresses of a pod that is reserved with these claims.
  func podAddresses(of draft: borrowing PodDraft) -> FamilyPair<PodObject.Address> {
    FamilyPair(Self.podAddress(first, draft), Self.podAddress(second, draft))
  }

  private static func podAddress(
    _ claim: borrowing Claim?, _ draft: borrowing PodDraft
  ) -> PodObject.Address? {
    switch claim {
    case .none: return nil
    case .some(let claim):
      let address = claim.address
      let isStatic = draft.addresses.contains { $0 == address }
      return PodObject.Address(
        address: address, isStatic: isStatic,
        isKept: !isStatic && claim.isPassedOn && !claim.movesCursor)
    }
  }

  /// Adds behind what is there; at most two.
  mutating func add(_ claim: consuming Claim) {
    precondition(secondAddress == nil, "there are two families")
    if firstAddress == nil { first = consume claim } else { second = consume claim }
  }

  /// Moves the claims out.
  mutating func take() -> ClaimPair { ClaimPair(first.take(), second.take()) }

  consuming func commit() {
    first.take()?.commit()
    second.take()?.commit()
  }
}

/// One record on its way to the ledger, with all that it takes to show it or to take it back.
package struct Change: ~Copyable, Sendable {
  package let kind: ObjectKind
  package let type: RecordType

  /// The object as it will be, or for a release as it was.
  package internal(set) var object: PackedObject
  package let actor: String

  /// The node of a pod.
  package let node: NodeRuntime?

  /// Addresses that an update gives up.
  package let freed: [IPAddress]

  /// Addresses of those that it gives up which a later change of the same commit takes over: they
  /// are not freed in between.
  package internal(set) var passedOn: [IPAddress]

  /// What a release of several objects says about each of them; nil for others.
  package let former: VisibleObject?

  let handle: ObjectHandle

  /// A later change of the same commit is about the same entry, which stays in flight until then.
  var isFollowed = false

  /// What the entry's phase was before; nil: the entry came with this change, and goes if that is
  /// taken back.
  let formerPhase: EntryPhase?
  var claims: ClaimPair

  /// Those of a Service's ingress addresses.
  let ingress: IngressClaims?
  let registration: NodeRegistration?

  init(
    kind: ObjectKind, type: RecordType, object: PackedObject, actor: String, handle: ObjectHandle,
    formerPhase: EntryPhase?, claims: consuming ClaimPair = ClaimPair(),
    ingress: IngressClaims? = nil,
    node: NodeRuntime? = nil, freed: [IPAddress] = [], passedOn: [IPAddress] = [],
    former: VisibleObject? = nil, registration: NodeRegistration? = nil
  ) {
    self.kind = kind
    self.type = type
    self.object = object
    self.actor = actor
    self.handle = handle
    self.formerPhase = formerPhase
    self.claims = claims
    self.ingress = ingress
    self.node = node
    self.freed = freed
    self.passedOn = passedOn
    self.former = former
    self.registration = registration
  }

  /// A change that nothing in memory stands behind: for whoever only writes it.
  package init(kind: ObjectKind, type: RecordType, object: PackedObject, actor: String) {
    self.init(
      kind: kind, type: type, object: object, actor: actor, handle: ObjectHandle(number: 0),
      formerPhase: nil)
  }

  mutating func takeClaims() -> ClaimPair { claims.take() }
}

import AddressBitmap
package import Addressing
package import Policy

/// A request about a Service's spec.
package struct ServiceRequest: Sendable {
  package enum Verb: Sendable {
    case reserve
    case update
    case adopt
  }

  package var verb: Verb
  package var namespace: String
  package var name: String
  package var uid: String?
  package var spec: ServiceSpec
  package var ifRevision: UInt64?
  package var isDryRun: Bool
  package var actor: String

  package init(
    verb: Verb, namespace: String, name: String, uid: String?, spec: ServiceSpec,
    ifRevision: UInt64?, isDryRun: Bool, actor: String
  ) {
    self.verb = verb
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.spec = spec
    self.ifRevision = ifRevision
    self.isDryRun = isDryRun
    self.actor = actor
  }
}

/// A Service as it is, for the answer to a request about it.
package struct ServiceAnswer: Sendable {
  package let object: ServiceObject
  package let isExisting: Bool
  /// What an update gave up.
  package let released: [IPAddress]
  package let revision: UInt64
}

extension AllocationEngine {
  /// Reserves, updates or adopts a Service as the Kubernetes API server would.
  package func changeService(
    _ request: ServiceRequest, into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<ServiceAnswer> {
    let key = ServiceObject.key(namespace: request.namespace, name: request.name)
    let keyHash = hash(key.span)
    let place = ServicePlace(key: key, hash: keyHash, shard: services.shard(of: keyHash))
    let seen = services.withShard(place.shard) { state in
      find(.service, key.span, keyHash, place.shard, in: state, batch)
        .map { (index: $0, entry: state[$0]) }
    }
    guard let seen else {
      return try makeService(request, place, &batch, waiter)
    }
    let handle = ObjectHandle(kind: .service, shard: place.shard, index: seen.index)
    guard case .held(let entry) = batch.view(seen.entry, at: handle) else { return wait(waiter) }
    let found = (index: seen.index, entry: entry)
    let stored = ServiceObject(found.entry.object)
    if let uid = request.uid, let known = stored.uid, uid != known {
      try validate(request, stored)
      throw conflict("uid is \(uid), but the Service's is \(known)", stored, found.entry)
    }
    if let wanted = request.ifRevision, wanted != batch.fence(of: entry, at: handle) {
      try validate(request, stored)
      let fence = batch.fenceText(of: entry, at: handle)
      throw conflict("ifRevision is \(wanted), but the Service is \(fence)", stored, entry)
    }
    if case .update = request.verb {
      return try updateService(request, place, found.index, found.entry, &batch, waiter)
    }
    guard ServicePolicy.normalised(request.spec) == stored.sent else {
      try validate(request, stored)
      throw conflict("the Service is reserved already with another spec", stored, found.entry)
    }
    if let own = batch.ownChange(of: handle) { return .repeats(own) }
    return .answered(
      ServiceAnswer(
        object: stored, isExisting: true, released: [], revision: found.entry.generation))
  }

  /// The answer to a change whose record is durable at `revision`.
  package func serviceAnswer(
    _ change: borrowing Change, revision: UInt64, isRepeat: Bool = false, isUpdate: Bool = false
  ) -> ServiceAnswer {
    ServiceAnswer(
      object: ServiceObject(change.object), isExisting: isRepeat && !isUpdate,
      released: isRepeat ? [] : change.freed, revision: revision)
  }

  private func conflict(_ message: String, _ stored: ServiceObject, _ entry: Entry) -> Refusal {
    .conflict(
      message: message, revision: entry.fence,
      owner: .service(namespace: stored.namespace, name: stored.name))
  }

  /// What is invalid is said before what conflicts (contract §2).
  private func validate(_ request: ServiceRequest, _ stored: ServiceObject) throws(Refusal) {
    let families = serviceFamilies
    _ = try plan { () throws(PolicyRefusal) in
      switch request.verb {
      case .reserve: try ServicePolicy.create(request.spec, families: families)
      case .adopt: try ServicePolicy.adopt(request.spec, families: families)
      case .update:
        try ServicePolicy.update(request.spec, stored: stored.spec, families: families)
      }
    }
  }

  /// The families that Services may have.
  var serviceFamilies: ServiceFamilies {
    ServiceFamilies(
      serviceRanges.map(\.cidr.family).reduce(into: []) { families, family in
        if !families.contains(family) { families.append(family) }
      })
  }

  /// The ingress addresses that a Service wants beside its cluster IPs.
  private func ingressWishes(
    _ plan: ServicePlan, held: [IPAddress]
  ) throws(Refusal) -> [AddressWish] {
    let families = book.loadBalancers.map(\.cidr.family)
    guard !families.isEmpty else { return held.map { .keep($0) } }
    do throws(PolicyRefusal) {
      return try LoadBalancerPolicy.wishes(for: plan.spec, held: held, families: families)
    } catch {
      throw .invalid(error.causes)
    }
  }

  private func plan(
    _ body: () throws(PolicyRefusal) -> ServicePlan
  ) throws(Refusal) -> ServicePlan {
    do throws(PolicyRefusal) {
      return try body()
    } catch {
      throw .invalid(error.causes)
    }
  }

  private func makeService(
    _ request: ServiceRequest, _ place: ServicePlace, _ batch: inout ChangeBatch,
    _ waiter: any Waiter
  ) throws(Refusal) -> Decision<ServiceAnswer> {
    let families = serviceFamilies
    let plan = try plan { () throws(PolicyRefusal) in
      switch request.verb {
      case .reserve, .update: try ServicePolicy.create(request.spec, families: families)
      case .adopt: try ServicePolicy.adopt(request.spec, families: families)
      }
    }
    if case .update = request.verb {
      throw .notFound(
        Cause("name", .invalid, "there is no Service \(request.namespace)/\(request.name)"))
    }
    if request.ifRevision != nil {
      throw .conflict(
        message: "ifRevision is given, but there is no Service of this name", revision: nil,
        owner: nil)
    }
    let ingress = try ingressWishes(plan, held: [])
    if !request.isDryRun { try admit() }
    var claimed: ServiceClaims
    switch try claim(plan, ingress: ingress, &batch, waiter) {
    case .claimed(let claims): claimed = claims
    case .wait: return .wait
    }
    let object = ServiceObject(
      namespace: request.namespace, name: request.name, uid: request.uid,
      sent: ServicePolicy.normalised(request.spec), spec: plan.resolved(claimed.addresses),
      addresses: claimed.addresses, ingress: claimed.ingress.addresses, origin: .own)
    if request.isDryRun {
      return .answered(
        ServiceAnswer(object: object, isExisting: false, released: [], revision: revision))
    }
    let ingressClaims = claimed.ingress.claims
    return record(
      object, claimed.takeClaims(), ingressClaims, place, request.actor, &batch, waiter)
  }

  /// Enters the new Service, unless somebody else has meanwhile: then what was claimed is dropped.
  private func record(
    _ object: ServiceObject, _ claims: consuming ClaimPair, _ ingress: IngressClaims?,
    _ place: ServicePlace, _ actor: String, _ batch: inout ChangeBatch, _ waiter: any Waiter
  ) -> Decision<ServiceAnswer> {
    let packed = object.packed()
    let index: UInt32? = services.withShard(place.shard) { state in
      guard find(.service, place.key.span, place.hash, place.shard, in: state, batch) == nil else {
        return nil
      }
      inFlight.began()
      return state.insert(packed, hash: place.hash, nameHash: nil, phase: .reserving)
    }
    guard let index else { return wait(waiter) }
    let handle = ObjectHandle(kind: .service, shard: place.shard, index: index)
    link(object.addresses + object.ingress, to: handle)
    batch.append(
      Change(
        kind: .service, type: .reserved, object: packed, actor: actor, handle: handle,
        formerPhase: nil, claims: claims, ingress: ingress))
    return .recorded
  }

  /// The spec last sent is what a repeated reserve is compared with, also when it changed nothing.
  ///
  /// It has no record then, so a restart goes back to the one before.
  private func remember(
    _ object: ServiceObject, _ place: ServicePlace, _ index: UInt32, _ entry: Entry,
    _ batch: inout ChangeBatch
  ) {
    var object = object
    object.origin = ServiceObject.origin(entry.object)
    let spec = RememberedSpec(
      shard: place.shard, index: index, former: entry.object, object: object.packed())
    if replace(spec.former, by: spec.object, spec) { batch.transaction?.remembered.append(spec) }
  }

  /// The transaction that sent it comes to nothing.
  func forget(_ spec: RememberedSpec) { _ = replace(spec.object, by: spec.former, spec) }

  private func replace(
    _ former: PackedObject, by object: PackedObject, _ spec: RememberedSpec
  ) -> Bool {
    services.withShard(spec.shard) { state in
      guard let now = state.entry(spec.index), now.phase == .held, now.object == former else {
        return false
      }
      state.hold(
        spec.index, object: object, generation: now.generation, reservedAt: now.reservedAt)
      return true
    }
  }

  private func updateService(
    _ request: ServiceRequest, _ place: ServicePlace, _ index: UInt32, _ entry: Entry,
    _ batch: inout ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Decision<ServiceAnswer> {
    let handle = ObjectHandle(kind: .service, shard: place.shard, index: index)
    let own = batch.ownChange(of: handle)
    let stored = ServiceObject(entry.object)
    let families = serviceFamilies
    let plan = try plan { () throws(PolicyRefusal) in
      try ServicePolicy.update(request.spec, stored: stored.spec, families: families)
    }
    let ingress = try ingressWishes(plan, held: stored.ingress)
    if !request.isDryRun { try admit() }
    var claimed: ServiceClaims
    switch try claim(plan, ingress: ingress, &batch, waiter) {
    case .claimed(let claims): claimed = claims
    case .wait: return .wait
    }
    let spec = plan.resolved(claimed.addresses)
    let object = ServiceObject(
      namespace: stored.namespace, name: stored.name, uid: stored.uid ?? request.uid,
      sent: ServicePolicy.normalised(request.spec), spec: spec, addresses: claimed.addresses,
      ingress: claimed.ingress.addresses,
      origin: Origin(
        generation: .before(0), reservedAt: entry.phase == .reserving ? nil : entry.reservedAt))
    // An update that changes nothing writes no record (contract, `service.update`).
    if spec == stored.spec, object.addresses == stored.addresses,
      object.ingress == stored.ingress, object.uid == stored.uid
    {
      if let own {
        batch.changes[own].remember(object.sent)
        return .repeats(own)
      }
      if !request.isDryRun { remember(object, place, index, entry, &batch) }
      return .answered(
        ServiceAnswer(
          object: stored, isExisting: false, released: [], revision: entry.generation))
    }
    let released =
      plan.released + stored.ingress.filter { !object.ingress.contains($0) }
    if request.isDryRun {
      return .answered(
        ServiceAnswer(object: object, isExisting: false, released: released, revision: revision))
    }
    let former: Entry? = services.withShard(place.shard) { state in
      if own != nil { return mark(index, in: &state) }
      guard let now = state.entry(index), now.phase == .held, now.generation == entry.generation,
        now.object == entry.object
      else { return nil }
      return mark(index, in: &state)
    }
    guard let former else { return wait(waiter) }
    let ingressClaims = claimed.ingress.claims
    let claims = claimed.takeClaims()
    link(claims.addresses + (ingressClaims?.addresses ?? []), to: handle)
    batch.append(
      Change(
        kind: .service, type: .updated, object: object.packed(givingUp: released),
        actor: request.actor,
        handle: handle, formerPhase: former.phase, claims: claims, ingress: ingressClaims,
        freed: released))
    return .recorded
  }
}

/// A Service with another spec last sent than before.
struct RememberedSpec: Sendable {
  let shard: Int
  let index: UInt32
  let former: PackedObject
  let object: PackedObject
}

extension Change {
  /// The Service that it records was sent this spec last.
  fileprivate mutating func remember(_ sent: ServiceSpec) {
    var service = ServiceObject(object)
    service.sent = sent
    object = service.packed(givingUp: freed)
  }
}

/// Where a Service stands, or will.
struct ServicePlace {
  let key: [UInt8]
  let hash: UInt32
  let shard: Int
}

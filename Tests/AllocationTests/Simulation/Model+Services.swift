import Addressing
import Allocation
import Policy

extension Model {
  private var families: ServiceFamilies {
    ServiceFamilies(configuration.serviceRanges.map(\.family))
  }

  mutating func changeService(_ request: ServiceRequest, chosen: [IPAddress]) -> ModelOutcome {
    let subject = Subject(kind: .service, key: "\(request.namespace)\0\(request.name)")
    if busy[subject] != nil { return .wait }
    guard let entry = entries[subject], case .service(let stored) = entry.object else {
      return makeService(request, subject, chosen)
    }
    let isValid = plan(request, stored: stored) != nil
    let conflict = ModelOutcome.refused(
      isValid ? .conflict(revision: entry.generation) : .invalid)
    if let uid = request.uid, let known = stored.uid, uid != known { return conflict }
    if let wanted = request.ifRevision, wanted != entry.generation { return conflict }
    if case .update = request.verb { return update(request, subject, entry, stored, chosen) }
    guard ServicePolicy.normalised(request.spec) == stored.sent else { return conflict }
    return .answered(
      ModelAnswer(object: entry.object, revision: entry.generation, isExisting: true))
  }

  private func plan(_ request: ServiceRequest, stored: ServiceObject?) -> ServicePlan? {
    do throws(PolicyRefusal) {
      switch request.verb {
      case .adopt: return try ServicePolicy.adopt(request.spec, families: families)
      case .update:
        guard let stored else { fallthrough }
        return try ServicePolicy.update(request.spec, stored: stored.spec, families: families)
      case .reserve: return try ServicePolicy.create(request.spec, families: families)
      }
    } catch {
      return nil
    }
  }

  private mutating func makeService(
    _ request: ServiceRequest, _ subject: Subject, _ chosen: [IPAddress]
  ) -> ModelOutcome {
    guard let plan = plan(request, stored: nil) else { return .refused(.invalid) }
    if case .update = request.verb { return .refused(.notFound) }
    if request.ifRevision != nil { return .refused(.conflict(revision: nil)) }
    guard isWritable || request.isDryRun else { return .refused(.unavailable) }
    var claims: [ModelClaim] = []
    var addresses: [IPAddress] = []
    if let outcome = grant(plan, chosen, &claims, &addresses) { return outcome }
    let object = ServiceObject(
      namespace: request.namespace, name: request.name, uid: request.uid,
      sent: ServicePolicy.normalised(request.spec), spec: plan.resolved(addresses),
      addresses: addresses, origin: .own)
    if request.isDryRun {
      return .answered(ModelAnswer(object: .service(object), revision: revision))
    }
    serviceAddresses.formUnion(claims.map(\.address))
    return .recorded([
      ModelChange(subject: subject, type: .reserved, object: .service(object), claims: claims)
    ])
  }

  private mutating func update(
    _ request: ServiceRequest, _ subject: Subject, _ entry: ModelEntry, _ stored: ServiceObject,
    _ chosen: [IPAddress]
  ) -> ModelOutcome {
    guard let plan = plan(request, stored: stored) else { return .refused(.invalid) }
    guard isWritable || request.isDryRun else { return .refused(.unavailable) }
    var claims: [ModelClaim] = []
    var addresses: [IPAddress] = []
    if let outcome = grant(plan, chosen, &claims, &addresses) { return outcome }
    var object = stored
    object.uid = stored.uid ?? request.uid
    object.spec = plan.resolved(addresses)
    object.addresses = addresses
    if object == stored {
      if !request.isDryRun { remember(request, subject, entry, stored) }
      return .answered(ModelAnswer(object: .service(stored), revision: entry.generation))
    }
    object.sent = ServicePolicy.normalised(request.spec)
    if request.isDryRun {
      return .answered(ModelAnswer(object: .service(object), revision: revision))
    }
    serviceAddresses.formUnion(claims.map(\.address))
    return .recorded([
      ModelChange(
        subject: subject, type: .updated, object: .service(object),
        reservedAt: entry.reservedAt, claims: claims, freed: plan.released)
    ])
  }

  /// An update that changes nothing has no record, and is what a reserve is compared with.
  private mutating func remember(
    _ request: ServiceRequest, _ subject: Subject, _ entry: ModelEntry, _ stored: ServiceObject
  ) {
    if recordedSpecs[subject]?.generation != entry.generation {
      recordedSpecs[subject] = (entry.generation, stored.sent)
    }
    var object = stored
    object.sent = ServicePolicy.normalised(request.spec)
    entries[subject]?.object = .service(object)
  }

  /// Grants the wishes; what cannot be granted ends the request.
  private func grant(
    _ plan: ServicePlan, _ chosen: [IPAddress], _ claims: inout [ModelClaim],
    _ addresses: inout [IPAddress]
  ) -> ModelOutcome? {
    for case .fixed(let address) in plan.wishes {
      guard let range = configuration.serviceRanges.first(where: { $0.family == address.family })
      else { return .refused(.invalid) }
      guard usable(range).contains(address) else { return .refused(.outOfRange(address)) }
      guard serviceAddresses.contains(address) else { continue }
      if let owner = owner(of: address) { return .refused(.alreadyReserved(address, owner)) }
      return .wait
    }
    for wish in plan.wishes {
      switch wish {
      case .keep(let address): addresses.append(address)
      case .fixed(let address):
        addresses.append(address)
        claims.append(ModelClaim(address: address, restingSince: nil))
      case .automatic(let family):
        guard let range = configuration.serviceRanges.first(where: { $0.family == family }) else {
          continue
        }
        let free = preferred(range)
        guard let address = free.first(where: chosen.contains) ?? free.first else {
          return .refused(.exhausted(range))
        }
        addresses.append(address)
        claims.append(ModelClaim(address: address, restingSince: nil))
      }
    }
    return nil
  }

  func usable(_ range: CIDR) -> [IPAddress] {
    let last = range.lastOffset - (range.family == .ipv4 ? 1 : 0)
    return last < 1 ? [] : (1...last).map { range.address(at: $0) }
  }

  /// What automatic choice may take: the free ones above the static band, else those in it.
  private func preferred(_ range: CIDR) -> [IPAddress] {
    let all = usable(range)
    let band = ServiceBands.staticBandSize(of: range)
    let dynamic = all.dropFirst(band).filter { !serviceAddresses.contains($0) }
    return dynamic.isEmpty
      ? all.prefix(band).filter { !serviceAddresses.contains($0) } : Array(dynamic)
  }

  func releaseService(_ namespace: String, _ name: String, ifRevision: UInt64?) -> ModelOutcome {
    let subject = Subject(kind: .service, key: "\(namespace)\0\(name)")
    if busy[subject] != nil { return .wait }
    guard let entry = entries[subject] else { return .answered(ModelAnswer(revision: revision)) }
    if let ifRevision, ifRevision != entry.generation {
      return .refused(.conflict(revision: entry.generation))
    }
    guard isWritable else { return .refused(.unavailable) }
    return .recorded([ModelChange(subject: subject, type: .released, object: entry.object)])
  }
}

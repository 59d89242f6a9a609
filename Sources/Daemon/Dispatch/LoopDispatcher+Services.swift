import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import Policy
import Transport

extension LoopDispatcher {
  func reserveService(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(ServiceReserveParams.self, request, line)
    try checkCall(request, deadline: nil, dryRun: params.dryRun)
    return try change(
      ServiceRequest(
        verb: .reserve, namespace: params.namespace, name: params.name, uid: params.uid,
        spec: ServiceSpec(params.spec), ifRevision: params.ifRevision, isDryRun: params.dryRun,
        actor: request.caller.actor), request)
  }

  func updateService(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(ServiceUpdateParams.self, request, line)
    try checkCall(request, deadline: nil, dryRun: params.dryRun)
    return try change(
      ServiceRequest(
        verb: .update, namespace: params.namespace, name: params.name, uid: params.uid,
        spec: ServiceSpec(params.spec), ifRevision: params.ifRevision, isDryRun: params.dryRun,
        actor: request.caller.actor), request)
  }

  func adoptService(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(ServiceAdoptParams.self, request, line)
    return try change(
      ServiceRequest(
        verb: .adopt, namespace: params.namespace, name: params.name, uid: params.uid,
        spec: ServiceSpec(params.spec), ifRevision: nil, isDryRun: false,
        actor: request.caller.actor), request)
  }

  private func change(
    _ wanted: ServiceRequest, _ request: Request
  ) throws(ErrorReply) -> LineOutcome {
    try decide(request, .service) { batch throws(Refusal) in
      try engine.changeService(wanted, into: &batch, waiter: mailbox)
    } answer: {
      request.reply.write(result($0, method: request.head.method))
    }
  }

  func result(_ service: ServiceAnswer, method: Method) -> ServiceResult {
    ServiceResult(
      namespace: service.object.namespace, name: service.object.name,
      spec: ServiceSpecFields(service.object.spec),
      status: ServiceStatus(ingress: service.object.ingress), existing: service.isExisting,
      released: method == .serviceUpdate ? service.released : nil, revision: service.revision)
  }

  func releaseService(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(ServiceReleaseParams.self, request, line)
    return try decide(request, .serviceRelease) { batch throws(Refusal) in
      try engine.releaseService(
        namespace: params.namespace, name: params.name, ifRevision: params.ifRevision,
        actor: request.caller.actor, into: &batch, waiter: mailbox)
    } answer: { newest in
      releasedNothing(request, newest: newest) {
        request.reply.write(ReleaseResult(released: [], revision: $0))
      }
    }
  }

  func getService(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(ServiceGetParams.self, request, line)
    let key = ServiceObject.key(namespace: params.namespace, name: params.name)
    if mustWait(request, engine.isInFlight(.service, key: key)) { return .held }
    guard let found = engine.get(.service, key: key) else {
      let cause = Cause(
        "name", .invalid, "there is no Service \(params.namespace)/\(params.name)")
      throw .notFound(cause.message, causes: [cause])
    }
    request.reply.write(serviceItem(found))
    return .taken
  }

  func listServices(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(ServiceListParams.self, request, line)
    let page = engine.list(
      .service, prefix: params.namespace.map { Array($0.utf8) + [0] } ?? [],
      after: try PageToken.key(params.page), limit: params.page.limit)
    request.reply.write(
      ItemPage(
        items: page.objects.map { serviceItem($0) },
        continue: page.next.map { PageToken.text($0) }, revision: page.revision))
  }

  private func serviceItem(_ found: VisibleObject) -> ServiceItem {
    ServiceItem(
      ServiceObject(found.object), generation: found.generation, reservedAt: found.reservedAt)
  }
}

extension ServiceItem {
  init(_ service: ServiceObject, generation: UInt64, reservedAt: Int64) {
    self.init(
      namespace: service.namespace, name: service.name, uid: service.uid,
      spec: ServiceSpecFields(service.spec), status: ServiceStatus(ingress: service.ingress),
      reservedAt: reservedAt, revision: generation)
  }
}

extension ServiceSpec {
  init(_ fields: ServiceSpecFields) {
    self.init(
      type: fields.type, clusterIP: fields.clusterIP, clusterIPs: fields.clusterIPs,
      ipFamilyPolicy: fields.ipFamilyPolicy, ipFamilies: fields.ipFamilies,
      selector: fields.selector, externalName: fields.externalName,
      loadBalancerIP: fields.loadBalancerIP, loadBalancerClass: fields.loadBalancerClass)
  }
}

extension ServiceSpecFields {
  init(_ spec: ServiceSpec) {
    self.init()
    type = spec.type
    clusterIP = spec.clusterIP
    clusterIPs = spec.clusterIPs
    ipFamilyPolicy = spec.ipFamilyPolicy
    ipFamilies = spec.ipFamilies
    selector = spec.selector
    externalName = spec.externalName
    loadBalancerIP = spec.loadBalancerIP
    loadBalancerClass = spec.loadBalancerClass
  }
}

/// A whole run: nodes first, then what the mode needs to be there, then what is measured.
struct LoadRun {
  let plan: LoadPlan

  /// What was measured, after the preparations, and what the check of all of it found.
  func measure() throws(LoadFailure) -> PhaseResult {
    let loop = try connect()
    if plan.token != nil { try prepare(loop, .authenticate, 0..<plan.clients, depth: 1) }
    if plan.isChecked {
      loop.check = HistoryCheck(
        nodes: plan.nodes, families: plan.mode.families, stride: plan.stride)
      try prepare(loop, .describeServer, 0..<1)
    }
    if plan.mode != .services { try prepare(loop, .register, 0..<plan.nodes) }
    if plan.mode.fillsFirst { try prepare(loop, .reserve, 0..<plan.filledPods) }
    loop.progress = Progress(plan.name)
    let (figures, services) = try measure(loop)
    loop.progress = nil
    let check = try readBack(loop)
    if !plan.keeps { try cleanUp(loop, services) }
    return PhaseResult(plan: plan, figures: figures, check: check)
  }

  private func connect() throws(LoadFailure) -> LoadLoop {
    let writer = RequestWriter(
      nodes: plan.nodes, run: UInt64.random(in: .min ... .max),
      containerIDLength: plan.containerIDLength, families: plan.mode.families,
      token: plan.token ?? "")
    return try LoadLoop(
      to: plan.endpoint, clients: plan.clients,
      depth: max(plan.depth, LoadPlan.preparingDepth), writer: writer,
      context: plan.endpoint.isEncrypted ? plan.tls.context() : nil)
  }

  /// What was acknowledged and not given back is there.
  private func readBack(_ loop: LoadLoop) throws(LoadFailure) -> CheckResult? {
    guard let check = loop.check else { return nil }
    let requests =
      check.heldPods.map { Request(.get, $0) } + check.heldServices.map { Request(.getService, $0) }
    var gets = Listed(requests)
    _ = try loop.run(&gets, PhaseTiming(depth: LoadPlan.preparingDepth))
    return loop.check.map { CheckResult($0, readBack: requests.count) }
  }

  private func cleanUp(_ loop: LoadLoop, _ services: [Int]) throws(LoadFailure) {
    loop.check = nil
    let nodes = plan.mode == .services ? 0 : plan.nodes
    var releases = Listed(
      (0..<nodes).map { Request(.releaseNode, $0) }
        + services.map { Request(.releaseService, $0) })
    let figures = try loop.run(&releases, PhaseTiming(depth: LoadPlan.preparingDepth))
    guard figures.failed == 0 else {
      throw .notPrepared(phase: "cleaning up", errors: figures.errors)
    }
  }

  /// The figures, and the Services that are there afterwards.
  private func measure(
    _ loop: LoadLoop
  ) throws(LoadFailure) -> (figures: Figures, services: [Int]) {
    let requests = plan.requests ?? .max
    switch plan.mode {
    case .pods, .pods4, .pods6, .fill:
      var pods = Series(.reserve, 0..<plan.wantedPods)
      return (try loop.run(&pods, plan.timing), [])
    case .retries:
      var retries = Retries(pods: plan.wantedPods, lag: 2 * plan.inFlight)
      return (try loop.run(&retries, plan.timing), [])
    case .restartStorm:
      try prepare(loop, .reserve, 0..<plan.nodes * plan.podsPerNode)
      var storm = RestartStorm(nodes: plan.nodes, podsPerNode: plan.podsPerNode)
      return (try loop.run(&storm, plan.timing), [])
    case .churn, .rolling:
      var turnover = Turnover(
        plan.mode == .churn ? .releaseFirst : .reserveFirst, pods: plan.filledPods,
        nodes: plan.nodes, requests: requests)
      return (try loop.run(&turnover, plan.timing), [])
    case .services:
      try prepare(loop, .reserveService, 0..<plan.services)
      var turnover = Turnover(services: plan.services, requests: requests)
      let figures = try loop.run(&turnover, plan.timing)
      return (figures, turnover.remaining)
    }
  }

  private func prepare(
    _ loop: LoadLoop, _ operation: Operation, _ numbers: Range<Int>, depth: Int? = nil
  ) throws(LoadFailure) {
    var series = Series(operation, numbers)
    let usual = min(LoadPlan.preparingDepth, max(1, numbers.count / plan.clients))
    let figures = try loop.run(&series, PhaseTiming(depth: depth ?? usual))
    guard figures.failed == 0 else {
      throw .notPrepared(phase: operation.name, errors: figures.errors)
    }
  }
}

/// A whole run: nodes first, then what the mode needs to be there, then what is measured.
struct LoadRun {
  let plan: LoadPlan

  /// What was measured, after the preparations, and what the check of all of it found.
  func measure() throws(LoadFailure) -> PhaseResult {
    let writer = RequestWriter(
      nodes: plan.nodes, run: UInt64.random(in: .min ... .max),
      containerIDLength: plan.containerIDLength, families: plan.mode.families)
    let loop = try LoadLoop(
      unix: plan.socket, clients: plan.clients,
      depth: max(plan.depth, LoadPlan.preparingDepth), writer: writer)
    if plan.checks {
      loop.check = HistoryCheck(
        nodes: plan.nodes, families: plan.mode.families, stride: plan.stride)
      try prepare(loop, .describeServer, 0..<1)
    }
    if plan.mode != .services { try prepare(loop, .register, 0..<plan.nodes) }
    if plan.mode.fillsFirst { try prepare(loop, .reserve, 0..<plan.filledPods) }
    let figures = try measure(loop)
    return PhaseResult(
      name: plan.mode.rawValue, plan: plan, figures: figures, check: try readBack(loop))
  }

  /// What was acknowledged and not given back is there.
  private func readBack(_ loop: LoadLoop) throws(LoadFailure) -> CheckResult? {
    guard let check = loop.check else { return nil }
    let timing = PhaseTiming(depth: LoadPlan.preparingDepth)
    var gets = ReadBack(pods: check.heldPods, services: check.heldServices)
    _ = try loop.run(&gets, timing)
    return loop.check.map { CheckResult($0, readBack: gets.count) }
  }

  private func measure(_ loop: LoadLoop) throws(LoadFailure) -> Figures {
    let requests = plan.requests ?? .max
    switch plan.mode {
    case .pods, .pods4, .pods6, .fill:
      var pods = Series(.reserve, 0..<plan.wantedPods)
      return try loop.run(&pods, plan.timing)
    case .retries:
      var retries = Retries(pods: plan.wantedPods, lag: 2 * plan.inFlight)
      return try loop.run(&retries, plan.timing)
    case .restartStorm:
      try prepare(loop, .reserve, 0..<plan.nodes * plan.podsPerNode)
      var storm = RestartStorm(nodes: plan.nodes, podsPerNode: plan.podsPerNode)
      return try loop.run(&storm, plan.timing)
    case .churn, .rolling:
      var turnover = Turnover(
        plan.mode == .churn ? .releaseFirst : .reserveFirst, pods: plan.filledPods,
        nodes: plan.nodes, requests: requests)
      return try loop.run(&turnover, plan.timing)
    case .services:
      try prepare(loop, .reserveService, 0..<plan.services)
      var turnover = Turnover(services: plan.services, requests: requests)
      return try loop.run(&turnover, plan.timing)
    }
  }

  private func prepare(
    _ loop: LoadLoop, _ operation: Operation, _ numbers: Range<Int>
  ) throws(LoadFailure) {
    var series = Series(operation, numbers)
    let depth = min(LoadPlan.preparingDepth, max(1, numbers.count / plan.clients))
    let figures = try loop.run(&series, PhaseTiming(depth: depth))
    guard figures.failed == 0 else {
      throw .notPrepared(phase: operation.name, errors: figures.errors)
    }
  }
}

/// A whole run: nodes first, then what the mode needs to be there, then what is measured.
struct LoadRun {
  let plan: LoadPlan

  /// What was measured, after the preparations.
  func measure() throws(LoadFailure) -> Figures {
    let writer = RequestWriter(
      nodes: plan.nodes, run: UInt64.random(in: .min ... .max),
      containerIDLength: plan.containerIDLength)
    let loop = try LoadLoop(
      unix: plan.socket, clients: plan.clients,
      depth: max(plan.depth, LoadPlan.preparingDepth), writer: writer)
    try prepare(loop, "node.register", 0..<plan.nodes) { .register(node: $0) }
    switch plan.mode {
    case .pods, .fill:
      var pods = Series(0..<plan.wantedPods) { .reserve(pod: $0) }
      let isOpenEnded = plan.mode == .pods && plan.requests == nil
      return try loop.run(
        &pods, depth: plan.depth, seconds: plan.seconds,
        expected: isOpenEnded ? nil : plan.wantedPods)
    case .churn:
      try prepare(loop, "filling the nodes", 0..<plan.filledPods) { .reserve(pod: $0) }
      var churn = Churn(
        pods: plan.filledPods, nodes: plan.nodes, requests: plan.requests ?? .max)
      return try loop.run(&churn, depth: plan.depth, seconds: plan.seconds)
    }
  }

  private func prepare(
    _ loop: LoadLoop, _ phase: String, _ numbers: Range<Int>, _ make: @escaping (Int) -> Request
  ) throws(LoadFailure) {
    var series = Series(numbers, make)
    let figures = try loop.run(
      &series, depth: min(LoadPlan.preparingDepth, max(1, numbers.count / plan.clients)))
    guard figures.failed == 0 else { throw .notPrepared(phase: phase, errors: figures.errors) }
  }
}

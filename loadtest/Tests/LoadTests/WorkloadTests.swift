import Testing

@testable import ipledger_load

@Suite struct WorkloadTests {
  /// Plays a server that answers in the order asked, and refuses every `refusing`-th reserve.
  private func play(
    _ churn: inout Churn, slots: Int, refusing: Int? = nil, _ visit: (Request, Bool) -> Void
  ) {
    var inFlight = (0..<slots).compactMap { _ in churn.first() }
    var reserves = 0
    while !inFlight.isEmpty {
      let request = inFlight.removeFirst()
      var succeeded = true
      if case .reserve = request {
        reserves += 1
        succeeded = refusing.map { reserves % $0 != 0 } ?? true
      }
      visit(request, succeeded)
      if let next = churn.next(after: request, succeeded: succeeded) { inFlight.append(next) }
    }
  }

  @Test(arguments: [nil, 7]) func `a churn never needs more room than the fill left`(
    refusing: Int?
  ) {
    let nodes = 3
    var churn = Churn(pods: 13, nodes: nodes, requests: 2_000)
    let filled = [5, 4, 4]
    var held = filled
    var pods = Set(0..<13)
    var answers = 0
    play(&churn, slots: 5, refusing: refusing) { request, succeeded in
      answers += 1
      switch request {
      case .release(let pod):
        #expect(pods.remove(pod) != nil, "what is released is held")
        held[pod % nodes] -= 1
      case .reserve(let pod) where succeeded:
        #expect(pods.insert(pod).inserted, "no pod comes twice")
        held[pod % nodes] += 1
      default: break
      }
      #expect(zip(held, filled).allSatisfy { $0 <= $1 })
    }
    #expect(answers == 2_000)
  }

  @Test func `a series asks each number once`() {
    var series = Series(3..<6) { .reserve(pod: $0) }
    var seen: [Int] = []
    while case .reserve(let pod)? = series.first() { seen.append(pod) }
    #expect(seen == [3, 4, 5])
  }

  @Test func `a queue of pods is a ring`() {
    var queue = PodQueue(0..<3)
    #expect(queue.takeOldest() == 0)
    #expect(queue.takeOldest() == 1)
    queue.add(7)
    #expect([queue.takeOldest(), queue.takeOldest(), queue.takeOldest()] == [2, 7, nil])
  }
}

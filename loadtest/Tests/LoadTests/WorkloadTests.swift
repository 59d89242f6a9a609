import Testing

@testable import ipledger_load

@Suite struct WorkloadTests {
  /// Plays a server that answers in the order asked, and refuses every `refusing`-th request.
  private func play(
    _ workload: inout some Workload, slots: Int, refusing: Int? = nil,
    _ visit: (Request, Bool) -> Void
  ) {
    var inFlight: [Request] = []
    var answers = 0
    while true {
      while inFlight.count < slots, let request = workload.next() { inFlight.append(request) }
      guard !inFlight.isEmpty else { return }
      let request = inFlight.removeFirst()
      answers += 1
      let succeeded = refusing.map { answers % $0 != 0 } ?? true
      visit(request, succeeded)
      workload.answered(request, succeeded: succeeded)
    }
  }

  @Test(arguments: [Turnover.Order.releaseFirst, .reserveFirst], [nil, 7])
  func `a turnover never needs more room than it was given`(
    order: Turnover.Order, refusing: Int?
  ) {
    let nodes = 3
    let slots = 5
    var turnover = Turnover(order, pods: 13, nodes: nodes, requests: 2_000)
    let filled = [5, 4, 4]
    var held = filled
    var pods = Set(0..<13)
    var answers = 0
    play(&turnover, slots: slots, refusing: refusing) { request, succeeded in
      answers += 1
      let pod = request.number
      switch request.operation {
      case .release where succeeded:
        #expect(pods.remove(pod) != nil, "what is released is held")
        held[pod % nodes] -= 1
      case .reserve where succeeded:
        #expect(pods.insert(pod).inserted, "no pod comes twice")
        held[pod % nodes] += 1
      case .reserve, .release: break
      default: Issue.record("\(request) is no part of a turnover")
      }
      let room = order == .releaseFirst ? 0 : 2 * slots
      #expect(zip(held, filled).allSatisfy { $0 <= $1 + room })
    }
    #expect(answers == 2_000)
  }

  @Test func `a rolling update has the new pod before the old one goes`() {
    var turnover = Turnover(.reserveFirst, pods: 4, nodes: 2, requests: 4)
    var seen: [Request] = []
    play(&turnover, slots: 1) { request, _ in seen.append(request) }
    #expect(
      seen == [
        Request(.reserve, 4), Request(.release, 0), Request(.reserve, 5), Request(.release, 1),
      ])
  }

  @Test func `Services are turned over like pods`() {
    var turnover = Turnover(services: 2, requests: 2)
    var seen: [Request] = []
    play(&turnover, slots: 1) { request, _ in seen.append(request) }
    #expect(seen == [Request(.reserveService, 2), Request(.releaseService, 0)])
  }

  @Test func `retries ask for each pod at once again, and late`() {
    var retries = Retries(pods: 3, lag: 2)
    var seen: [Request] = []
    play(&retries, slots: 4) { request, _ in seen.append(request) }
    let first = [0, 0, 0, 1, 1, 0, 2, 2, 0]
    #expect(seen.map(\.number) == first)
    #expect(
      seen.map(\.operation)
        == (0..<9).map { $0 % 3 == 0 ? Operation.reserve : .reserveAgain })
  }

  @Test func `a restart storm asks once for each pod, node after node`() {
    var storm = RestartStorm(nodes: 3, podsPerNode: 2)
    var seen: [Request] = []
    play(&storm, slots: 4) { request, _ in seen.append(request) }
    #expect(seen.map(\.number) == [0, 3, 1, 4, 2, 5])
    #expect(seen.allSatisfy { $0.operation == .reserveAgain })
  }

  @Test func `a series asks each number once`() {
    var series = Series(.reserve, 3..<6)
    var seen: [Request] = []
    play(&series, slots: 2) { request, _ in seen.append(request) }
    #expect(seen == [3, 4, 5].map { Request(.reserve, $0) })
  }

  @Test func `a queue of pods is a ring`() {
    var queue = PodQueue(0..<3)
    #expect(queue.takeOldest() == 0)
    #expect(queue.takeOldest() == 1)
    queue.add(7)
    #expect([queue.takeOldest(), queue.takeOldest(), queue.takeOldest()] == [2, 7, nil])
  }
}

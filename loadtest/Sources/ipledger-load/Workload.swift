/// Decides what is asked next: pure, so that it does not matter who asks, and how fast.
protocol Workload {
  /// The next request; nil when there is nothing to ask now.
  ///
  /// After an answer that a workload with an end was told of, nil means that the end is reached.
  mutating func next() -> Request?

  /// Tells what came of a request.
  mutating func answered(_ request: Request, succeeded: Bool)
}

/// Each number of a range once: nodes to register, or pods to reserve.
struct Series: Workload {
  private var numbers: Range<Int>
  private let operation: Operation

  init(_ operation: Operation, _ numbers: Range<Int>) {
    self.operation = operation
    self.numbers = numbers
  }

  mutating func next() -> Request? {
    guard let number = numbers.first else { return nil }
    numbers = (number + 1)..<numbers.upperBound
    return Request(operation, number)
  }

  mutating func answered(_ request: Request, succeeded: Bool) {}
}

/// Each pod three times: anew, at once again while the first may still be under way, and once more
/// when that is long answered.
struct Retries: Workload {
  private let pods: Int
  /// How many pods later the last repeat comes: more than can be in flight.
  private let lag: Int
  private var pod = 0
  private var step = 0

  init(pods: Int, lag: Int) {
    self.pods = pods
    self.lag = lag
  }

  mutating func next() -> Request? {
    guard pod < pods else { return nil }
    defer {
      step = step == 2 ? 0 : step + 1
      if step == 0 { pod += 1 }
    }
    switch step {
    case 0: return Request(.reserve, pod)
    case 1: return Request(.reserveAgain, pod)
    default: return Request(.reserveAgain, max(0, pod - lag))
    }
  }

  mutating func answered(_ request: Request, succeeded: Bool) {}
}

/// Every node asks once more for each of its pods, one node after the other, as when all come back
/// at one time.
struct RestartStorm: Workload {
  private let nodes: Int
  private let podsPerNode: Int
  private var step = 0

  init(nodes: Int, podsPerNode: Int) {
    self.nodes = nodes
    self.podsPerNode = podsPerNode
  }

  mutating func next() -> Request? {
    guard step < nodes * podsPerNode else { return nil }
    let (node, place) = step.quotientAndRemainder(dividingBy: podsPerNode)
    step += 1
    return Request(.reserveAgain, node + place * nodes)
  }

  mutating func answered(_ request: Request, succeeded: Bool) {}
}

/// These requests and no others.
struct Listed: Workload {
  private let requests: [Request]
  private var step = 0

  init(_ requests: [Request]) { self.requests = requests }

  mutating func next() -> Request? {
    guard step < requests.count else { return nil }
    defer { step += 1 }
    return requests[step]
  }

  mutating func answered(_ request: Request, succeeded: Bool) {}
}

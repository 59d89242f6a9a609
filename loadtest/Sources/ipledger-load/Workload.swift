/// Decides what is asked next: pure, so that it does not matter who asks.
protocol Workload {
  /// What an idle slot begins with; nil when there is nothing left.
  mutating func first() -> Request?

  /// What a slot goes on with after an answer.
  mutating func next(after request: Request, succeeded: Bool) -> Request?
}

/// Each number of a range once: nodes to register, or pods to reserve.
struct Series: Workload {
  private var next: Int
  private let end: Int
  private let make: (Int) -> Request

  init(_ numbers: Range<Int>, _ make: @escaping (Int) -> Request) {
    next = numbers.lowerBound
    end = numbers.upperBound
    self.make = make
  }

  mutating func first() -> Request? {
    guard next < end else { return nil }
    defer { next += 1 }
    return make(next)
  }

  mutating func next(after request: Request, succeeded: Bool) -> Request? { first() }
}

/// The oldest pod goes, and another one takes its place on the same node: occupancy stays, however
/// full the nodes are, because nobody reserves before the place is free.
struct Churn: Workload {
  private var held: PodQueue
  /// From a pod's number to that of its successor: a multiple of the number of nodes, so that both
  /// are on the same one, and larger than any number held, so that none comes twice.
  private let stride: Int
  private var left: Int

  /// - Parameter requests: reserves and releases together.
  init(pods: Int, nodes: Int, requests: Int) {
    held = PodQueue(0..<pods)
    stride = (pods + nodes - 1) / nodes * nodes
    left = requests
  }

  mutating func first() -> Request? {
    guard left > 0, let pod = held.takeOldest() else { return nil }
    left -= 1
    return .release(pod: pod)
  }

  mutating func next(after request: Request, succeeded: Bool) -> Request? {
    switch request {
    case .release(let pod) where succeeded:
      guard left > 0 else { return nil }
      left -= 1
      return .reserve(pod: pod + stride)
    case .reserve(let pod) where !succeeded:
      guard left > 0 else { return nil }
      left -= 1
      return .reserve(pod: pod + stride)
    case .release(let pod), .reserve(let pod):
      held.add(pod)
      return first()
    case .register:
      return first()
    }
  }
}

/// Pods in the order in which they were reserved: a ring, because there may be a million.
struct PodQueue {
  private var ring: [Int]
  private var oldest = 0
  private(set) var count: Int

  init(_ pods: Range<Int>) {
    ring = Array(pods)
    count = pods.count
  }

  /// Adds a pod in the place of one that was taken.
  mutating func add(_ pod: Int) {
    precondition(count < ring.count, "a pod is added after another one was taken")
    let place = oldest + count
    ring[place < ring.count ? place : place - ring.count] = pod
    count += 1
  }

  mutating func takeOldest() -> Int? {
    guard count > 0 else { return nil }
    defer {
      oldest = oldest + 1 == ring.count ? 0 : oldest + 1
      count -= 1
    }
    return ring[oldest]
  }
}

/// The oldest goes, and another one takes its place on the same node: how much is held stays.
///
/// A place that is full needs `.releaseFirst`; an update that rolls has the new one first.
struct Turnover: Workload {
  /// Which of the two comes first.
  enum Order { case releaseFirst, reserveFirst }

  private var held: PodQueue
  /// From a pod's number to that of its successor: a multiple of the number of nodes, so that both
  /// are on the same one, and larger than any number held, so that none comes twice.
  private let stride: Int
  private let order: Order
  private let reserve: Operation
  private let release: Operation
  private var left: Int

  /// Second halves that are due: reserves, or releases, by the number of the older one.
  private var due: [Int] = []

  /// - Parameter requests: reserves and releases together.
  init(_ order: Order, pods: Int, nodes: Int, requests: Int) {
    self.init(order, count: pods, nodes: nodes, requests: requests, .reserve, .release)
  }

  init(services: Int, requests: Int) {
    self.init(
      .reserveFirst, count: services, nodes: 1, requests: requests, .reserveService,
      .releaseService)
  }

  private init(
    _ order: Order, count: Int, nodes: Int, requests: Int, _ reserve: Operation,
    _ release: Operation
  ) {
    held = PodQueue(0..<count)
    stride = Self.stride(count, nodes: nodes)
    self.order = order
    self.reserve = reserve
    self.release = release
    left = requests
  }

  /// The numbers of all that is there when everything is answered.
  var remaining: [Int] { held.all + (order == .reserveFirst ? due : []) }

  static func stride(_ count: Int, nodes: Int) -> Int { (count + nodes - 1) / nodes * nodes }

  mutating func next() -> Request? {
    guard left > 0 else { return nil }
    let request: Request
    if let old = due.popLast() {
      request = order == .releaseFirst ? Request(reserve, old + stride) : Request(release, old)
    } else if let old = held.takeOldest() {
      request = order == .releaseFirst ? Request(release, old) : Request(reserve, old + stride)
    } else {
      return nil
    }
    left -= 1
    return request
  }

  mutating func answered(_ request: Request, succeeded: Bool) {
    let isReserve = request.operation == reserve
    let old = isReserve ? request.number - stride : request.number
    switch (order, isReserve, succeeded) {
    case (.releaseFirst, false, true), (.releaseFirst, true, false),
      (.reserveFirst, false, false):
      due.append(old)
    case (.reserveFirst, true, true):
      held.add(request.number)
      due.append(old)
    case (.releaseFirst, true, true):
      held.add(request.number)
    case (.releaseFirst, false, false), (.reserveFirst, true, false):
      held.add(old)
    case (.reserveFirst, false, true):
      break
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

  var all: [Int] { (0..<count).map { ring[(oldest + $0) % ring.count] } }

  mutating func takeOldest() -> Int? {
    guard count > 0 else { return nil }
    defer {
      oldest = oldest + 1 == ring.count ? 0 : oldest + 1
      count -= 1
    }
    return ring[oldest]
  }
}

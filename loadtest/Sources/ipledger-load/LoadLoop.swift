/// The closed loop, on one thread: each slot asks, waits for its answer, and asks again.
final class LoadLoop {
  /// Without any answer for so long, the load is over.
  static let patience = 30

  private let poller: Poller
  private let connections: [Connection]
  private let writer: RequestWriter
  private var inFlight = 0

  init(
    unix path: String, clients: Int, depth: Int, writer: RequestWriter
  ) throws(LoadFailure) {
    self.writer = writer
    poller = try Poller(capacity: clients)
    var connections: [Connection] = []
    for index in 0..<clients {
      let connection = try Connection(unix: path, depth: depth)
      try poller.add(connection.socket, as: index)
      connections.append(connection)
    }
    self.connections = connections
  }

  /// Runs one phase until the workload has nothing left, or the time is over and all is answered.
  ///
  /// - Parameter expected: how many requests there will be, when that is known.
  func run(
    _ workload: inout some Workload, depth: Int, seconds: Double? = nil, expected: Int? = nil
  ) throws(LoadFailure) -> Figures {
    var figures = Figures()
    let usedBefore = Clock.used
    let start = Clock.now
    let deadline = seconds.map { start + UInt64($0 * 1e9) } ?? .max
    let tenth = expected.map { max(1, $0 / 10) } ?? .max
    try begin(&workload, depth: depth)
    while inFlight > 0 {
      let ready = try poller.wait(seconds: Self.patience)
      for event in 0..<ready {
        let index = poller.index(of: event)
        try turn(connections[index], index, &workload, until: deadline, &figures)
      }
      while figures.answered >= (figures.tenths.count + 1) * tenth, figures.tenths.count < 10 {
        figures.tenths.append(Clock.now - start)
      }
    }
    figures.nanoseconds = Clock.now - start
    figures.usedNanoseconds = Clock.used - usedBefore
    return figures
  }

  private func begin(_ workload: inout some Workload, depth: Int) throws(LoadFailure) {
    for (index, connection) in connections.enumerated() {
      let now = Clock.now
      for slot in 0..<depth {
        guard let request = workload.first() else { break }
        ask(request, connection, slot, at: now)
      }
      try flush(connection, index)
    }
  }

  private func ask(_ request: Request, _ connection: Connection, _ slot: Int, at now: UInt64) {
    connection.slots[slot] = Connection.Slot(request: request, sentAt: now, isBusy: true)
    writer.write(request, id: slot, to: &connection.output)
    inFlight += 1
  }

  /// One connection's turn: reads what came, asks anew for each answer, and sends that at once.
  private func turn(
    _ connection: Connection, _ index: Int, _ workload: inout some Workload,
    until deadline: UInt64, _ figures: inout Figures
  ) throws(LoadFailure) {
    if try connection.fill() {
      // One look at the clock for all that came together.
      let now = Clock.now
      while let line = connection.input.takeLine() {
        let answer = Answer(line, in: connection.input)
        guard let slot = answer.slot, slot < connection.slots.count,
          connection.slots[slot].isBusy
        else { throw .unexpectedAnswer(connection.input.text(line)) }
        let request = connection.slots[slot].request
        connection.slots[slot].isBusy = false
        inFlight -= 1
        figures.record(request, now - connection.slots[slot].sentAt)
        if answer.isError {
          figures.errors[Answer.reason(line, in: connection.input), default: 0] += 1
        }
        guard now < deadline,
          let next = workload.next(after: request, succeeded: !answer.isError)
        else { continue }
        ask(next, connection, slot, at: now)
      }
    }
    try flush(connection, index)
  }

  private func flush(_ connection: Connection, _ index: Int) throws(LoadFailure) {
    let wantsRoom = try !connection.flush()
    guard wantsRoom != connection.isWatchedForWriting else { return }
    connection.isWatchedForWriting = wantsRoom
    try poller.watch(connection.socket, as: index, writing: wantsRoom)
  }
}

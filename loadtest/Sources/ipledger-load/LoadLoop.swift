import IPLedgerClient
import NIOSSL

/// Asks and takes answers, on one thread.
///
/// Without a rate it is a closed loop: each slot asks, waits for its answer, and asks again. With a
/// rate requests have their times, and take the slot that is free the longest.
final class LoadLoop {
  /// Without any answer for so long, the load is over.
  static let patience = 30
  /// A request with a time is late when it was not sent within so many nanoseconds.
  static let tolerance: UInt64 = 1_000_000

  private let poller: Poller
  private let connections: [Connection]
  private let writer: RequestWriter
  private var inFlight = 0

  /// What watches all that is asked and answered.
  var check: HistoryCheck?
  /// Who is told how far it is.
  var progress: Progress?
  private var free = SlotRing(connections: 0, depth: 0)

  /// Connections with something new to send.
  private var touched: [Int] = []

  /// What watches a phase: local to it, as each change of a value inside an object costs a check.
  private struct Watch {
    var meter: Meter
    var check: HistoryCheck?
  }

  init(
    to endpoint: ServerAddress, clients: Int, depth: Int, writer: RequestWriter,
    context: NIOSSLContext? = nil
  ) throws(LoadFailure) {
    self.writer = writer
    poller = try Poller(capacity: clients)
    var connections: [Connection] = []
    for index in 0..<clients {
      let connection = try Connection(to: endpoint, depth: depth, context: context)
      try poller.add(connection.socket, as: index)
      connections.append(connection)
    }
    self.connections = connections
  }

  /// Runs one phase until the workload has nothing left, or the time is over and all is answered.
  func run(
    _ workload: inout some Workload, _ timing: PhaseTiming
  ) throws(LoadFailure) -> Figures {
    free = SlotRing(connections: connections.count, depth: timing.depth)
    let start = Clock.now
    var watch = Watch(meter: Meter(start: start, timing: timing))
    swap(&watch.check, &check)
    defer { swap(&watch.check, &check) }
    var pace = Pace(start: start, timing: timing)
    var hasMore = try ask(&workload, &pace, at: start, &watch)
    while inFlight > 0 || (hasMore && pace.due != nil) {
      let due = hasMore && free.count > 0 ? pace.due : nil
      let ready = try poller.wait(until: due, seconds: Self.patience)
      for event in 0..<ready {
        let index = poller.index(of: event)
        let now = try take(connections[index], index, &workload, &watch)
        if !pace.isOpen { try ask(&workload, &pace, at: now, &watch) }
      }
      let now = Clock.now
      if pace.isOpen { hasMore = try ask(&workload, &pace, at: now, &watch) }
      if watch.meter.tick(now) { progress?.show(watch.meter.figures, at: now) }
    }
    progress?.end()
    return watch.meter.finish(Clock.now)
  }

  /// Sends what is to be sent by now, as far as slots are free.
  ///
  /// Returns false when the workload had nothing though its time had come.
  @discardableResult
  private func ask(
    _ workload: inout some Workload, _ pace: inout Pace, at now: UInt64, _ watch: inout Watch
  ) throws(LoadFailure) -> Bool {
    var hasMore = true
    while free.count > 0, let time = pace.time(ofRequestAt: now) {
      guard let request = workload.next() else {
        hasMore = false
        break
      }
      guard let place = free.pop() else { break }
      pace.goOn()
      if now - time > Self.tolerance { watch.meter.recordLateSend() }
      let connection = connections[place.connection]
      connection.slots[place.slot] = Connection.Slot(request: request, sentAt: time, isBusy: true)
      writer.write(request, id: place.slot, to: &connection.output)
      watch.check?.asked(request)
      inFlight += 1
      if !connection.isTouched {
        connection.isTouched = true
        touched.append(place.connection)
      }
    }
    for index in touched {
      connections[index].isTouched = false
      try flush(connections[index], index)
    }
    touched.removeAll(keepingCapacity: true)
    return hasMore
  }

  /// Takes the answers that came on a connection, and says at what time.
  private func take(
    _ connection: Connection, _ index: Int, _ workload: inout some Workload,
    _ watch: inout Watch
  ) throws(LoadFailure) -> UInt64 {
    if connection.isWatchedForWriting { try flush(connection, index) }
    let hasCome = try connection.fill()
    // One look at the clock for all that came together.
    let now = Clock.now
    // A handshake has answers of its own.
    if connection.isEncrypted { try flush(connection, index) }
    guard hasCome else { return now }
    try connection.input.takeLines { line, input throws(LoadFailure) in
      let answer = Answer(line, in: input)
      guard let slot = answer.slot, slot < connection.slots.count, connection.slots[slot].isBusy
      else { throw .unexpectedAnswer(input.text(line)) }
      let request = connection.slots[slot].request
      connection.slots[slot].isBusy = false
      inFlight -= 1
      free.push(index, slot)
      watch.meter.record(request.operation, now - connection.slots[slot].sentAt)
      if answer.isError { watch.meter.recordError(Answer.reason(line, in: input)) }
      watch.check?.answered(request, line, in: input, isError: answer.isError)
      workload.answered(request, succeeded: !answer.isError)
    }
    return now
  }

  private func flush(_ connection: Connection, _ index: Int) throws(LoadFailure) {
    let wantsRoom = try !connection.flush()
    guard wantsRoom != connection.isWatchedForWriting else { return }
    connection.isWatchedForWriting = wantsRoom
    try poller.watch(connection.socket, as: index, writing: wantsRoom)
  }
}

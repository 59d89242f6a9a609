import AddressBitmap
import Allocation
import LineProtocol
import NIOCore
import Transport

/// Turns the lines of one event loop's connections into answers; confined to that loop.
///
/// Changes gather in one batch per turn of the loop. It is handed over whole when the turn ends,
/// and comes back through the mailbox when its records are durable: then all its answers are
/// written, and each connection is flushed once.
final class LoopDispatcher: LineHandler {
  let context: DaemonContext
  let mailbox: LoopMailbox
  let engine: AllocationEngine
  var limits: ProtocolLimits { context.configuration.limits }

  var work: TurnWork

  /// The requests of batches under way, the oldest first, as batches come back in their order.
  private var handedOver = UniqueBuffer<UniqueBuffer<PendingAnswer>>()
  private var spareBatches: SpareBatches
  private var sparePending = UniqueBuffer<UniqueBuffer<PendingAnswer>>()

  /// The watches of this loop's connections.
  var watches: [LedgerWatch] = []

  /// Whoever waits for a reading of the ledger, by its ticket.
  var pendingReadings: [UInt64: PendingReading] = [:]
  var lastTicket: UInt64 = 0

  /// When the first line of this turn came, in monotonic nanoseconds; 0: none has.
  var turnStarted: Int64 = 0

  /// Connections whose next line waits for a commit.
  private var held: [Connection] = []
  private var touched: [Connection] = []
  private var turn = RequestStatistics.Turn()
  private let eventLoop: any EventLoop

  /// How long one batch line runs before other connections have their turn.
  private static let sliceNanoseconds: Int64 = 2_000_000

  init(_ context: DaemonContext, on eventLoop: any EventLoop) {
    self.context = context
    engine = context.engine
    self.eventLoop = eventLoop
    mailbox = LoopMailbox(on: eventLoop)
    work = TurnWork(batch: ChangeBatch(observer: mailbox))
    spareBatches = SpareBatches(observer: mailbox)
    mailbox.attach(self)
    context.serves(eventLoop)
  }

  func opened(_ connection: Connection) {
    connection.context = ConnectionContext(connection.peer, context.policies)
  }

  func closed(_ connection: Connection) {
    held.removeAll { $0 === connection }
    guard let known = connection.known, !known.watches.isEmpty else { return }
    end(known.watches)
    known.watches = []
  }

  /// Has the connection's output sent at the end of this delivery.
  func touch(_ connection: Connection) { touched.append(connection) }

  func lineTooLong(from connection: Connection) {
    let reply = Reply(connection: connection, id: .null, batch: nil)
    reply.write(ErrorReply.lineTooLong(limit: limits.lineBytes))
  }

  func line(_ line: Span<UInt8>, from connection: Connection) -> LineOutcome {
    guard let known = connection.known else { return .taken }
    // No reference to what all loops share is counted for a line: they would wait for each other.
    if context.policies.generation != known.generation { known.refresh(context.policies) }
    if turnStarted == 0 { turnStarted = engine.clock.monotonicNanoseconds() }
    let outcome = offer(line, connection, known)
    if outcome == .held { held.append(connection) }
    return outcome
  }

  private func offer(
    _ line: Span<UInt8>, _ connection: Connection, _ known: ConnectionContext
  ) -> LineOutcome {
    if let (rest, reply) = known.heldBatch {
      known.heldBatch = nil
      return runBatch(rest, reply, line, connection, known)
    }
    do throws(RequestRefusal) {
      switch try RequestLine.read(line: line, limits: limits) {
      case .blank: return .taken
      case .request(let head): return run(head, in: line, connection, known, batch: nil)
      case .batch(let requests): return runBatch(requests, BatchReply(), line, connection, known)
      }
    } catch {
      Reply(connection: connection, id: error.id, batch: nil).write(error.reply)
      return .taken
    }
  }

  private func runBatch(
    _ requests: RequestBatch, _ reply: BatchReply, _ line: Span<UInt8>, _ connection: Connection,
    _ known: ConnectionContext
  ) -> LineOutcome {
    let end = engine.clock.monotonicNanoseconds() + Self.sliceNanoseconds
    var rest = requests
    while true {
      let here = rest
      guard let range = rest.next(in: line) else { break }
      if engine.clock.monotonicNanoseconds() > end {
        known.heldBatch = (here, reply)
        giveWay(connection)
        return .held
      }
      if run(range, in: line, connection, known, batch: reply) == .held {
        known.heldBatch = (here, reply)
        return .held
      }
    }
    reply.close(on: connection)
    return .taken
  }

  /// Looks at the watches again a little later.
  func followLater() {
    eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(50)) { self.follow() }
  }

  /// Runs `body` on this loop once every loop has ended the turn that it is in.
  func afterAllTurns(_ body: @escaping () -> Void) {
    EventLoopFuture.andAllComplete(context.eventLoops.map { $0.submit {} }, on: eventLoop)
      .assumeIsolated().whenComplete { _ in body() }
  }

  /// Others have their turn before the connection's line goes on.
  private func giveWay(_ connection: Connection) {
    // A task for now would run before the loop looks at its sockets again.
    eventLoop.assumeIsolated().scheduleTask(in: .microseconds(20)) { connection.resume() }
  }

  private func run(
    _ range: Range<Int>, in line: Span<UInt8>, _ connection: Connection,
    _ known: ConnectionContext, batch: BatchReply?
  ) -> LineOutcome {
    let head: RequestHead
    do throws(RequestRefusal) {
      head = try RequestHead(line, at: range)
    } catch {
      Reply(connection: connection, id: error.id, batch: batch).write(error.reply)
      return .taken
    }
    return run(head, in: line, connection, known, batch: batch)
  }

  private func run(
    _ head: RequestHead, in line: Span<UInt8>, _ connection: Connection,
    _ known: ConnectionContext, batch: BatchReply?
  ) -> LineOutcome {
    let reply = Reply(connection: connection, id: head.id, batch: batch)
    let request = Request(head: head, caller: known.caller, reply: reply)
    do throws(ErrorReply) {
      try known.caller.check(head.method)
      if let batch, batch.isFull { throw .batchTooLarge }
      if head.method.readsLedger, known.readings >= ConnectionContext.mostReadings { return .held }
      if try perform(request, line, known) == .held { return .held }
      turn.began(head.method)
    } catch {
      turn.began(head.method)
      turn.failed(head.method, error.reason)
      reply.write(error)
    }
    return .taken
  }
}

extension LoopDispatcher {
  /// The changes of this turn.
  var batch: ChangeBatch {
    _read { yield work.batch }
    _modify { yield &work.batch }
  }

  /// The request is answered when its changes in the batch are durable.
  func expect(_ answer: PendingAnswer.Kind, _ request: Request, _ changes: Range<Int>) {
    work.expect(answer, request, changes, isRepeat: false, started: turnStarted)
  }

  /// Requests of this turn whose changes are in the batch.
  var pendingCount: Int { work.pending.count }

  /// Forgets the requests from `first` on: their changes are out of the batch again.
  func dropPending(from first: Int) {
    while work.pending.count > first { work.pending.removeLast().reply.recall() }
  }

  func turnEnded() {
    turnStarted = 0
    // Also when a client has taken what it was sent.
    if !watches.isEmpty { follow() }
    if batch.count > 0 {
      let spare =
        sparePending.isEmpty ? UniqueBuffer<PendingAnswer>() : sparePending.removeLast()
      handedOver.append(replace(&work.pending, with: spare))
      let full = replace(&batch, with: spareBatches.take())
      context.writer.submit(full)
    }
    context.requests.add(&turn)
  }

  /// A batch has come back: answers all its requests.
  func settled(_ batch: consuming ChangeBatch) {
    precondition(!handedOver.isEmpty, "a batch comes back once")
    var answers = handedOver.remove(at: 0)
    let now = engine.clock.monotonicNanoseconds()
    let firstRevision = batch.firstRevision
    for index in answers.indices {
      if let firstRevision {
        write(answers[index], batch, firstRevision: firstRevision)
      } else {
        turn.failed(answers[index].method, refuse(answers[index], batch))
      }
      answers[index].reply.settle(newest: engine.revision)
    }
    turn.answered(answers, now: now)
    Self.touch(&touched, answers)
    answers.removeAll(keepingCapacity: true)
    sparePending.append(answers)
    spareBatches.give(batch)
  }

  /// Adds the connections of the answers; one that stands last already is not added again.
  private static func touch(
    _ touched: inout [Connection], _ answers: borrowing UniqueBuffer<PendingAnswer>
  ) {
    for index in answers.indices where touched.last !== answers[index].reply.connection {
      touched.append(answers[index].reply.connection)
    }
  }

  /// All that was in the mailbox has been seen to: sends the answers, goes on with what waited.
  func delivered(isWoken: Bool) {
    for connection in touched { connection.flush() }
    touched.removeAll(keepingCapacity: true)
    context.requests.add(&turn)
    follow()
    guard isWoken else { return }
    let waiting = held
    held.removeAll(keepingCapacity: true)
    for connection in waiting { connection.resume() }
  }
}

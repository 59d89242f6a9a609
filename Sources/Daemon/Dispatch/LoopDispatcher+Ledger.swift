import Addressing
import Allocation
import LineProtocol
import SQLiteLedger
import Transport

/// Who waits for a reading of the ledger.
enum PendingReading {
  case answer(Reply, Method)
  case watch(LedgerWatch)
}

extension LoopDispatcher {
  func readLedger(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(LedgerReadParams.self, request, line)
    let (newest, mostAnswerBytes) = (engine.revision, Self.mostAnswerBytes)
    try check(params.after, newest)
    let last = min(newest, params.after + UInt64(params.limit))
    try read(for: .answer(request.reply, request.head.method)) {
      reader throws(LedgerFailure) in
      try reader.snapshot { oldest throws(LedgerFailure) in
        guard params.after + 1 >= oldest else { return .error(.compacted(oldest: oldest)) }
        var writer = JSONWriter()
        writer.beginArray()
        try reader.read(after: params.after, through: last) { record in
          RecordItem(record: record).append(to: &writer)
          return writer.bytes.count < mostAnswerBytes
        }
        writer.endArray()
        return .result(LedgerReadResult(items: writer.bytes, revision: newest))
      }
    }
    request.reply.postpone()
  }

  func watchLedger(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) {
    let params = try params(LedgerWatchParams.self, request, line)
    let newest = engine.revision
    if let after = params.after {
      try check(after, newest)
      let oldest = context.ledger.oldestRevision
      guard after + 1 >= oldest else { throw .compacted(oldest: oldest) }
    }
    guard known.watches.count < LedgerWatch.mostPerConnection else {
      throw .overloaded(retryAfterMs: 1000)
    }
    known.watchCount += 1
    let watch = LedgerWatch(
      name: "w\(known.watchCount)", connection: request.reply.connection,
      filter: RecordFilter(params.filter), cursor: params.after ?? newest)
    known.watches.append(watch)
    watches.append(watch)
    watch.connection.isFollowing = true
    if let batch = request.reply.batch {
      // Its answer comes with all others of the batch, and events come behind it.
      watch.isReading = true
      batch.whenClosed { watch.isReading = false }
    }
    request.reply.write(LedgerWatchResult(watch: watch.name, revision: watch.cursor))
  }

  func unwatchLedger(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) {
    let params = try params(LedgerUnwatchParams.self, request, line)
    guard let watch = known.watches.first(where: { $0.name == params.watch }) else {
      let cause = Cause("watch", .invalid, "this connection has no watch \(params.watch)")
      throw .notFound(cause.message, causes: [cause])
    }
    end([watch])
    known.watches.removeAll { $0 === watch }
    watch.connection.isFollowing = !known.watches.isEmpty
    request.reply.write(PingResult())
  }

  /// The connection has gone, or wants no more events.
  func end(_ ended: [LedgerWatch]) {
    for watch in ended { watch.hasEnded = true }
    watches.removeAll { $0.hasEnded }
  }

  private func check(_ after: UInt64, _ newest: UInt64) throws(ErrorReply) {
    guard after > newest else { return }
    throw .invalidParams([
      Cause("after", .invalid, "after is \(after), and the ledger's newest revision \(newest)")
    ])
  }

  /// Has the ledger read elsewhere; `finished` hears of it.
  func read(
    for waiting: PendingReading, by readings: LedgerReadings? = nil,
    _ reading:
      @escaping @Sendable (borrowing LedgerReader) throws(LedgerFailure) -> FinishedReading.Content
  ) throws(ErrorReply) {
    lastTicket += 1
    let (ticket, mailbox) = (lastTicket, mailbox)
    let isTaken = (readings ?? context.readings).perform { reader in
      do throws(LedgerFailure) {
        mailbox.finished(FinishedReading(ticket: ticket, content: try reading(reader)))
      } catch {
        mailbox.failed(ticket, error)
      }
    } orFail: { failure in
      mailbox.failed(ticket, failure)
    }
    guard isTaken else { throw .overloaded(retryAfterMs: 100) }
    pendingReadings[ticket] = waiting
    if case .answer(let reply, _) = waiting { reply.connection.known?.readings += 1 }
  }

  /// A reading has come back.
  func finished(_ reading: FinishedReading) {
    switch pendingReadings.removeValue(forKey: reading.ticket) {
    case nil: return
    case .answer(let reply, _):
      switch reading.content {
      case .result(let json): reply.write(json: json)
      case .error(let error): reply.write(error)
      case .events: preconditionFailure("events are read for watches")
      }
      reply.settle(newest: engine.revision)
      reply.connection.known?.readings -= 1
      touch(reply.connection)
    case .watch(let watch):
      watch.isReading = false
      guard !watch.hasEnded else { return }
      send(reading.content, to: watch)
    }
  }

  private func send(_ content: FinishedReading.Content, to watch: LedgerWatch) {
    switch content {
    case .events(let lines, let revision):
      watch.cursor = revision
      guard !lines.isEmpty else { return }
      watch.connection.output.value(json: lines.span)
      watch.connection.output.newline()
    case .result, .error:
      // The follower sees the end of its connection, and goes on from where it is; or is told then
      // that this was compacted.
      end([watch])
      watch.connection.abandon()
    }
    touch(watch.connection)
  }

  /// Reads on for every watch that is behind and whose client keeps up; the others are looked at
  /// again when theirs has, or when there is something new.
  func follow() {
    guard !watches.isEmpty else { return }
    engine.waitForRevision(mailbox)
    let newest = engine.revision
    for watch in watches where watch.mayRead && watch.cursor < newest {
      guard mayFollow(watch) else {
        end([watch])
        watch.connection.abandon()
        continue
      }
      let (name, filter, after) = (watch.name, watch.filter, watch.cursor)
      do throws(ErrorReply) {
        try read(for: .watch(watch)) { reader throws(LedgerFailure) in
          try reader.snapshot { oldest throws(LedgerFailure) in
            guard after + 1 >= oldest else { return .error(.compacted(oldest: oldest)) }
            return try Self.events(reader, after: after, through: newest, name, filter)
          }
        }
        watch.isReading = true
      } catch {
        // Too much is being read.
        return followLater()
      }
    }
  }

  /// Whether the rules of now let its client read.
  private func mayFollow(_ watch: LedgerWatch) -> Bool {
    guard let known = watch.connection.known else { return false }
    if context.policies.generation != known.generation { known.refresh(context.policies) }
    return known.caller.access.role >= .reader
  }

  /// A page of events: a bounded number of bytes and of records.
  private static func events(
    _ reader: borrowing LedgerReader, after: UInt64, through newest: UInt64, _ name: String,
    _ filter: RecordFilter
  ) throws(LedgerFailure) -> FinishedReading.Content {
    let last = min(newest, after + UInt64(mostRecords))
    var writer = JSONWriter()
    var cursor = after
    try reader.read(after: after, through: last) { record in
      cursor = record.revision
      guard filter.matches(record) else { return true }
      if !writer.bytes.isEmpty { writer.newline() }
      writer.beginObject()
      writer.name("jsonrpc")
      writer.value("2.0")
      writer.name("method")
      writer.value("ledger.event")
      writer.name("params")
      RecordItem(record: record).append(to: &writer, watch: name)
      writer.endObject()
      return writer.bytes.count < mostBytes
    }
    return .events(writer.bytes, upTo: cursor)
  }

  /// Records that one page looks at.
  private static let mostRecords = 8_192

  /// Bytes of a page, about.
  private static let mostBytes = 128 << 10

  /// Bytes after which an answer has enough records.
  private static let mostAnswerBytes = 4 << 20
}

extension Method {
  /// Whether its answer comes from the thread that reads the ledger, mostly.
  var readsLedger: Bool {
    switch self {
    case .ledgerRead, .ledgerVerify, .ledgerBackup, .ipGet, .ipHistory, .rangeExplain: true
    default: false
    }
  }
}

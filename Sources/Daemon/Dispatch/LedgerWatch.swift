import LineProtocol
import Transport

/// One watch of one connection: up to where its events have been sent.
///
/// Live events and those of the past take the same way: whenever there is something behind the
/// cursor and the client has taken most of what it was sent, the next page is read from the disk.
/// So nothing is lost, doubled or out of order, and a slow client costs no memory.
final class LedgerWatch {
  /// What its events are marked with.
  let name: String
  let connection: Connection
  let filter: RecordFilter

  /// All events up to this revision have been sent.
  var cursor: UInt64

  /// A page is being read.
  var isReading = false

  /// It is of the past: what is still being read for it goes nowhere.
  var hasEnded = false

  /// Watches that one connection may have.
  static let mostPerConnection = 16

  /// Bytes that a client may leave unread before it is sent no more events.
  private static let mostUnsent = 256 << 10

  init(name: String, connection: Connection, filter: RecordFilter, cursor: UInt64) {
    self.name = name
    self.connection = connection
    self.filter = filter
    self.cursor = cursor
  }

  var mayRead: Bool {
    !isReading && !hasEnded && connection.unsentBytes < Self.mostUnsent
  }
}

/// What came of a reading of the ledger, on its way back to the loop that asked.
struct FinishedReading: Sendable {
  enum Content: Sendable {
    /// The value of an answer's `result`.
    case result([UInt8])
    case error(ErrorReply)
    /// Lines of events, the last one without its end, and up to which revision they go.
    case events([UInt8], upTo: UInt64)
  }

  /// Which reading it was.
  let ticket: UInt64
  let content: Content
}

extension FinishedReading.Content {
  static func result(_ result: some MethodResult) -> FinishedReading.Content {
    var writer = JSONWriter()
    result.append(to: &writer)
    return .result(writer.bytes)
  }
}

/// One thing that a recorded daemon did to its files, heard from a client or told one.
///
/// Files and connections have numbers, which start again with each `start` of a process.
enum RecordedEvent {
  case start
  case open(file: Int, path: String, truncates: Bool)
  case write(file: Int, offset: Int, bytes: ArraySlice<UInt8>)
  /// Covers what was written before it, once the sync with the same token has ended.
  case syncBegan(file: Int, token: UInt64)
  case syncEnded(file: Int, token: UInt64)
  case truncate(file: Int, size: Int)
  /// Makes the file at least this long.
  case allocate(file: Int, size: Int)
  case unlink(path: String)
  case rename(from: String, to: String)
  case sent(connection: Int, bytes: ArraySlice<UInt8>)
  case received(connection: Int, bytes: ArraySlice<UInt8>)
}

/// Why a log cannot be replayed.
enum RecordingFailure: Error {
  case unknownEntry(UInt32, at: Int)
  case cutShort(at: Int)
  /// The daemon did something to its files that the recorder does not follow.
  case unsupported(String)
  case unknownFile(Int)
}

/// Reads the log of `Recorder.c`.
struct RecordingReader {
  private let log: [UInt8]
  private var position = 0
  private static let headerSize = 24

  init(_ log: [UInt8]) { self.log = log }

  static func events(of log: [UInt8]) throws -> [RecordedEvent] {
    var reader = RecordingReader(log)
    var events: [RecordedEvent] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  mutating func next() throws -> RecordedEvent? {
    guard position < log.count else { return nil }
    let start = position
    guard start + Self.headerSize <= log.count else { throw RecordingFailure.cutShort(at: start) }
    let kind = UInt32(number(4))
    let subject = Int(number(4))
    let value = number(8)
    let length = Int(number(8))
    guard position + length <= log.count else { throw RecordingFailure.cutShort(at: start) }
    let bytes = log[position..<(position + length)]
    position += length
    let text = String(decoding: bytes, as: UTF8.self)
    switch kind {
    case 1: return .start
    case 2: return .open(file: subject, path: text, truncates: value != 0)
    case 3: return .write(file: subject, offset: Int(value), bytes: bytes)
    case 4: return .syncBegan(file: subject, token: value)
    case 5: return .syncEnded(file: subject, token: value)
    case 6: return .truncate(file: subject, size: Int(value))
    case 7: return .allocate(file: subject, size: Int(value))
    case 8: return .unlink(path: text)
    case 9:
      let paths = text.split(separator: "\n").map(String.init)
      guard paths.count == 2 else { throw RecordingFailure.unsupported("rename \(text)") }
      return .rename(from: paths[0], to: paths[1])
    case 10: return .sent(connection: subject, bytes: bytes)
    case 11: return .received(connection: subject, bytes: bytes)
    case 12: throw RecordingFailure.unsupported(text)
    default: throw RecordingFailure.unknownEntry(kind, at: start)
    }
  }

  /// A little-endian number.
  private mutating func number(_ size: Int) -> UInt64 {
    defer { position += size }
    return log[position..<(position + size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}

import Foundation
package import Logging

/// A log handler that makes one line of an event: level, message, then `name=value` pairs in the
/// order of their names.
package struct LineLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let style: LogStyle
  private let write: @Sendable (String) -> Void

  package init(
    level: Logger.Level, style: LogStyle,
    write: @escaping @Sendable (String) -> Void = { StandardError.writeLine($0) }
  ) {
    logLevel = level
    self.style = style
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var pairs = metadata
    pairs.merge(metadataProvider?.get() ?? [:]) { _, provided in provided }
    pairs.merge(event.metadata ?? [:]) { _, given in given }
    if let error = event.error { pairs["error"] = "\(error)" }
    write(line(event.level, event.message.description, pairs, at: Date()))
  }

  func line(
    _ level: Logger.Level, _ message: String, _ pairs: Logger.Metadata, at time: Date
  ) -> String {
    var line =
      switch style {
      case .timestamped: "\(time.formatted(Self.timestamp)) \(level) "
      case .journal: "<\(level.journalPriority)>"
      }
    line += LogText.oneLine(message)
    for (name, value) in pairs.sorted(by: { $0.key < $1.key }) {
      line += " \(LogText.name(name))=\(LogText.value("\(value)"))"
    }
    return line
  }

  private static let timestamp = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

extension Logger.Level {
  /// The number by which syslog and the journal know it.
  var journalPriority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

extension Logger {
  /// The daemon's own logger, to standard error.
  package static func daemon(level: Level, style: LogStyle = .detect()) -> Logger {
    Logger(label: "ipledgerd") { _ in LineLogHandler(level: level, style: style) }
  }
}

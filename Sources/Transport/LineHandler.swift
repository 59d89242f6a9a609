/// What became of an offered line.
package enum LineOutcome: Sendable {
  /// Done with, or on its way: the next line may come.
  case taken

  /// It must wait: the connection keeps it, reads nothing further, and offers it again after
  /// `Connection.resume()`.
  case held
}

/// Takes the lines of all connections of one event loop, and is confined to that loop.
///
/// No function is called from inside another, nor from inside `Connection.flush()` or `resume()`.
package protocol LineHandler: AnyObject {
  func opened(_ connection: Connection)

  /// The peer of a connection that was just opened has too many: say so, it ends after that.
  func refused(_ connection: Connection)

  /// One line without its end, never empty. It is valid for the call only.
  func line(_ line: Span<UInt8>, from connection: Connection) -> LineOutcome

  /// A line passed the limit; its bytes are skipped and the connection lives on.
  func lineTooLong(from connection: Connection)

  /// All input that this turn of the loop brought has been offered: hand gathered changes over.
  ///
  /// The connections that got input in this turn are flushed right after. It is also called when a
  /// turn brought no line, and must cost nothing then.
  func turnEnded()

  /// The last that is heard of the connection. Output for it goes nowhere from now on.
  func closed(_ connection: Connection)
}

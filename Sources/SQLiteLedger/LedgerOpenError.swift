/// Why a ledger was not opened: each says what is wrong, where, and what to do.
package enum LedgerOpenError: Error, Sendable, Equatable {
  /// Another process serves this ledger; its pid, when it has already written it.
  case heldBy(pid: Int32?, path: String)

  /// Something stored is not as it was written; nothing of it is served.
  case damaged(path: String, place: String, cause: String)

  /// A file, but not a ledger of ipledger.
  case foreign(path: String)

  /// Written by a newer ipledger.
  case newerSchema(path: String, found: Int, known: Int)

  /// The folder or a file cannot be used: rights, space, a read-only file system.
  case unusable(path: String, cause: String)
}

extension LedgerOpenError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .heldBy(let pid?, let path):
      "\(path): held by process \(pid); one ledger has one daemon"
    case .heldBy(nil, let path):
      "\(path): held by another process; one ledger has one daemon"
    case .damaged(let path, let place, let cause):
      """
      \(path): damaged: \(place): \(cause). Keep this file, its -wal and its -shm for \
      examination, and put a backup in their place
      """
    case .foreign(let path):
      """
      \(path): not a ledger of ipledger, or damaged in its first bytes; name another path, or \
      put a backup in its place
      """
    case .newerSchema(let path, let found, let known):
      """
      \(path): written by a newer ipledger (schema \(found), this one knows \(known)); \
      start that version
      """
    case .unusable(let path, let cause):
      "\(path): \(cause)"
    }
  }
}

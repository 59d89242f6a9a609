import CSQLite
import Glibc

/// Why a copy of the ledger could not be made; nothing is left of it then.
package enum BackupFailure: Error, Sendable, Equatable {
  /// Something stands there already.
  case exists
  /// The folder, the disk or the file system does not allow it.
  case impossible(String)
  /// The ledger itself cannot be read.
  case ledger(String)
}

/// What a copy holds.
package struct LedgerCopy: Sendable, Equatable {
  package let revision: UInt64
  package let bytes: Int
}

extension LedgerReader {
  /// Copies the ledger, as it is at one moment, into a new file that is a ledger itself.
  ///
  /// It is synced, and appears under its name only once it is whole. Commits go on meanwhile.
  package func backUp(to path: String) throws(BackupFailure) -> LedgerCopy {
    // Safe, as the calls below: the C library copies the paths.
    guard unsafe access(path, F_OK) != 0 else { throw .exists }
    let partial = path + ".partial"
    // Safe: as above.
    let descriptor = unsafe open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .impossible(Self.reason(partial)) }
    defer {
      close(descriptor)
      // Safe: as above.
      unsafe unlink(partial)
    }
    let revision = try copy(to: partial)
    guard fsync(descriptor) == 0 else { throw .impossible(Self.reason(partial)) }
    let bytes = Int(lseek(descriptor, 0, SEEK_END))
    // Unlike a rename it replaces nothing.
    // Safe: as above.
    guard unsafe link(partial, path) == 0 else {
      throw errno == EEXIST ? .exists : .impossible(Self.reason(path))
    }
    try syncFolder(of: path)
    return LedgerCopy(revision: revision, bytes: bytes)
  }

  /// The newest revision, also where compaction has left no record.
  static let newestSQL =
    "SELECT max(ifnull(max(revision), 0), (SELECT oldest - 1 FROM compaction)) FROM record"

  /// Answers the copy's newest revision.
  private func copy(to path: String) throws(BackupFailure) -> UInt64 {
    do throws(LedgerFault) {
      let statement = try connection.prepare("VACUUM INTO ?1")
      let text = Array(path.utf8)
      try unsafe withBytes(text) { bytes throws(LedgerFault) in
        // Safe: the text is bound until the statement has run.
        unsafe statement.bind(1, text: bytes)
        try statement.run()
      }
      let copy = try Connection.open(path, .readOnly)
      let newest = try copy.integer(Self.newestSQL)
      return UInt64(bitPattern: newest)
    } catch {
      if error.isForLackOfSpace { throw .impossible("\(path): there is not enough space") }
      throw .ledger("\(error)")
    }
  }

  private func syncFolder(of path: String) throws(BackupFailure) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    // Safe: as above.
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .impossible(Self.reason(folder)) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .impossible(Self.reason(folder)) }
  }

  private static func reason(_ path: String) -> String {
    // Safe: the text is copied before anything else can change it.
    let reason = unsafe String(cString: strerror(errno))
    return "\(path): \(reason)"
  }
}

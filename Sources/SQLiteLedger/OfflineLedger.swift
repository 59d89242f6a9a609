import Glibc

/// A ledger that no daemon serves: for a look at it, and for putting a backup in its place.
///
/// It is locked meanwhile, so that no daemon starts on it.
///
/// Unsafe expressions: every pointer is to a name or a structure that outlives the call, and the
/// kernel keeps none of them.
package enum OfflineLedger {
  /// What a restore has done.
  package struct Restored: Sendable, Equatable {
    package let copy: LedgerCopy
    /// Where the files are now that stood in the way.
    package let setAside: [String]
  }

  /// Holds the file against its own records, and those against SQLite's check.
  ///
  /// It changes nothing: a damaged ledger stays as it is, for examination.
  package static func verify(_ path: String) throws(LedgerOpenError) -> LedgerVerdict {
    let files = LedgerFiles(path: path)
    guard files.size(path) != nil else {
      throw .unusable(path: path, cause: "there is no such file")
    }
    let lock = try LedgerLock(ledger: path)
    defer { withExtendedLifetime(lock) {} }
    give([path + ".lock"], likeThatOf: path)
    try SQLiteLedger.audit(files)
    do throws(LedgerFault) {
      return try LedgerReader(path: path).verifyAlone()
    } catch {
      throw error.openError(path: path)
    }
  }

  /// Puts a copy of `backup` at `path`, once it has been verified.
  ///
  /// What stands there is set aside under names with `.replaced`, never deleted. When the copy
  /// fails it is put back.
  package static func restore(
    _ backup: String, to path: String
  ) throws(LedgerOpenError) -> Restored {
    guard backup != path else {
      throw .unusable(path: path, cause: "this is the backup itself; name where to restore it")
    }
    if let problem = try verify(backup).problems.first {
      throw .damaged(path: backup, place: "its records", cause: problem)
    }
    let files = LedgerFiles(path: path)
    try files.prepareFolder()
    let lock = try LedgerLock(ledger: path)
    defer { withExtendedLifetime(lock) {} }
    let old = [path, files.log, files.index].filter { files.size($0) != nil }
    try setAside(old, files)
    do throws(BackupFailure) {
      let copy = try reader(backup).backUp(to: path)
      give([path, path + ".lock"], likeThatOf: old.first.map { replaced($0) } ?? folder(of: path))
      return Restored(copy: copy, setAside: old.map { replaced($0) })
    } catch {
      for file in old { unsafe rename(replaced(file), file) }
      throw .unusable(path: path, cause: "the copy was not made: \(error)")
    }
  }

  private static func reader(_ path: String) throws(BackupFailure) -> LedgerReader {
    do throws(LedgerFault) {
      return try LedgerReader(path: path)
    } catch {
      throw .ledger("\(error)")
    }
  }

  private static func replaced(_ file: String) -> String { file + ".replaced" }

  private static func folder(of path: String) -> String { LedgerFiles.folder(of: path) }

  private static func setAside(_ old: [String], _ files: LedgerFiles) throws(LedgerOpenError) {
    for file in old where files.size(replaced(file)) != nil {
      throw .unusable(
        path: replaced(file), cause: "an earlier restore left it there; move it away first")
    }
    for file in old {
      guard unsafe rename(file, replaced(file)) == 0 else {
        throw .unusable(path: file, cause: "it cannot be set aside: \(systemText(errno))")
      }
    }
  }

  /// Gives files to the user that another belongs to: a daemon that is not root must open them.
  ///
  /// Only root may do so, and only for root it makes a difference.
  private static func give(_ files: [String], likeThatOf other: String) {
    var status = stat()
    guard unsafe stat(other, &status) == 0 else { return }
    for file in files { _ = unsafe chown(file, status.st_uid, status.st_gid) }
  }
}

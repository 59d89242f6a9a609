import Glibc

/// The files of a ledger: the database, the log that SQLite writes ahead, and their folder.
///
/// Unsafe expressions: every pointer is to a name, a structure or bytes that outlive the call, and
/// the kernel keeps none of them.
struct LedgerFiles: Sendable {
  let path: String

  var log: String { path + "-wal" }

  /// What SQLite shares between processes about the log.
  var index: String { path + "-shm" }

  private var folder: String { Self.folder(of: path) }

  /// Creates the folder when it is missing; the one above it must exist.
  func prepareFolder() throws(LedgerOpenError) {
    if unsafe mkdir(folder, 0o700) == 0 {
      try sync(Self.folder(of: folder))
    } else if errno != EEXIST {
      throw .unusable(path: folder, cause: "the folder cannot be made: \(systemText(errno))")
    }
  }

  /// Creates the database file, empty and for its owner alone; SQLite gives its other files the
  /// same rights.
  func create() throws(LedgerOpenError) {
    // Safe: the name is copied by the kernel.
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unusable(path: path, cause: "the file cannot be opened: \(systemText(errno))")
    }
    close(descriptor)
  }

  /// Syncs what an earlier process may have left in the page cache, and the folder.
  ///
  /// Only before SQLite opens the files: closing a descriptor drops its locks on them.
  func sync() throws(LedgerOpenError) {
    for file in [path, log] where size(file) != nil { try sync(file) }
    try syncFolder()
  }

  /// Makes the names of new files durable.
  func syncFolder() throws(LedgerOpenError) { try sync(folder) }

  private func sync(_ name: String) throws(LedgerOpenError) {
    let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unusable(path: name, cause: "cannot be opened: \(systemText(errno))")
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw .unusable(path: name, cause: "cannot be synced: \(systemText(errno))")
    }
  }

  /// Fills the emptied log with zeros, which SQLite takes for an empty one, and syncs it.
  ///
  /// Written, not allocated: blocks that were never written cost a sync of metadata each. Where
  /// space is short, or anything fails, the log grows as it is used.
  func reserveLog(_ bytes: Int) {
    var space = statvfs()
    guard unsafe statvfs(log, &space) == 0, size(log) == 0,
      UInt64(space.f_bavail) * UInt64(space.f_frsize) / 8 > UInt64(bytes)
    else { return }
    let descriptor = unsafe open(log, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    var position = 0
    while position < bytes {
      let count = min(zeros.count, bytes - position)
      // Safe: at most as many bytes are read as the array has.
      let written = unsafe zeros.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress, count, position)
      }
      guard written > 0 else { break }
      position += written
    }
    _ = fsync(descriptor)
  }

  /// Bytes of a file; nil when there is none.
  func size(_ name: String) -> UInt64? {
    var status = stat()
    return unsafe stat(name, &status) == 0 ? UInt64(status.st_size) : nil
  }

  /// Which file stands behind a name.
  struct Identity: Equatable, Sendable {
    let device: UInt64
    let number: UInt64
  }

  /// Which files the ledger's names stand for: the database and the log.
  struct Identities: Equatable, Sendable {
    let database: Identity?
    let log: Identity?
  }

  func identities() -> Identities {
    Identities(database: identity(path), log: identity(log))
  }

  private func identity(_ name: String) -> Identity? {
    var status = stat()
    guard unsafe stat(name, &status) == 0 else { return nil }
    return Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
  }

  /// The folder that a name is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

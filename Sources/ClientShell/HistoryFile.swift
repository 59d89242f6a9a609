internal import Glibc

/// Where the shell's lines are kept from one day to the next; only their writer may read them.
struct HistoryFile: Sendable {
  let path: String

  /// `$XDG_STATE_HOME/ipledger/history`, or in `~/.local/state`; nil without a home.
  init?(environment: [String: String]) {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      path = state + "/ipledger/history"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      path = home + "/.local/state/ipledger/history"
    } else {
      return nil
    }
  }

  /// What was kept; nothing when it cannot be read.
  func read() -> LineHistory {
    // Safe: the path is Swift's, which ends it with a zero for the call.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return LineHistory() }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count < 4 << 20 {
      var count = 0
      // Safe: the kernel fills no more than the capacity.
      bytes += unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
        count = unsafe Glibc.read(file, buffer.baseAddress, 65_536)
        filled = max(count, 0)
      }
      guard count > 0 else { break }
    }
    return LineHistory(text: String(decoding: bytes, as: UTF8.self))
  }

  /// Keeps the lines: the file is there whole or not at all.
  ///
  /// Says whether that succeeded; a shell goes on without.
  @discardableResult
  func write(_ history: LineHistory) -> Bool {
    makeFolders()
    let draft = path + ".\(getpid())"
    // Safe: the paths are Swift's, which ends them with a zero for the call.
    let file = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    let bytes = Array(history.text.utf8)
    // Safe: the memory is the array's, with its length.
    let written = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(file, $0.baseAddress, $0.count)
    }
    close(file)
    guard written == bytes.count, unsafe rename(draft, path) == 0 else {
      // Safe: as above.
      unsafe unlink(draft)
      return false
    }
    return true
  }

  private func makeFolders() {
    let parts = path.split(separator: "/").dropLast()
    for count in parts.indices.map({ $0 + 1 }) {
      // Safe: the path is Swift's, which ends it with a zero for the call.
      unsafe mkdir("/" + parts.prefix(count).joined(separator: "/"), 0o700)
    }
  }
}

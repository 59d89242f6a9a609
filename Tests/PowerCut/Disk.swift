/// What the disk is known to hold at a moment of a recording, and what is still on its way there.
///
/// Each file stands for itself: everything written before the beginning of its last completed sync
/// is there, whatever came later may be there. Names are there at once: losing a directory entry is
/// not part of this model.
struct Disk {
  /// A change of a file that no sync has covered yet.
  enum Change {
    case write(offset: Int, bytes: ArraySlice<UInt8>)
    case truncate(size: Int)
    case allocate(size: Int)
  }

  struct File {
    var durable: [UInt8] = []
    var pending: [Change] = []
    /// How many changes are durable.
    var settled = 0
    /// How many changes there were when a sync began.
    var syncs: [UInt64: Int] = [:]
  }

  /// Numbered as they came to be; a number outlives the name.
  private var files: [File] = []
  private var names: [String: Int] = [:]
  /// The numbers behind the running process's own.
  private var opened: [Int: Int] = [:]
  /// A disk that says it has synced and has not.
  private let lies: Bool

  init(lies: Bool = false) { self.lies = lies }

  /// The files that have a name, in the order of their names.
  var named: [(path: String, file: File)] {
    names.sorted { $0.key < $1.key }.map { ($0.key, files[$0.value]) }
  }

  mutating func apply(_ event: RecordedEvent) throws {
    switch event {
    case .start: opened = [:]
    case .open(let file, let path, let truncates): open(file, path, truncates)
    case .write(let file, let offset, let bytes):
      files[try index(file)].pending.append(.write(offset: offset, bytes: bytes))
    case .truncate(let file, let size):
      files[try index(file)].pending.append(.truncate(size: size))
    case .allocate(let file, let size):
      files[try index(file)].pending.append(.allocate(size: size))
    case .syncBegan(let file, let token):
      let index = try index(file)
      files[index].syncs[token] = files[index].settled + files[index].pending.count
    case .syncEnded(let file, let token): files[try index(file)].settle(token, lies: lies)
    case .unlink(let path): names[path] = nil
    case .rename(let from, let to): names[to] = names.removeValue(forKey: from)
    case .sent, .received: break
    }
  }

  private mutating func open(_ file: Int, _ path: String, _ truncates: Bool) {
    let index = names[path] ?? files.count
    if index == files.count { files.append(File()) }
    names[path] = index
    opened[file] = index
    if truncates { files[index].pending.append(.truncate(size: 0)) }
  }

  private func index(_ file: Int) throws -> Int {
    guard let index = opened[file] else { throw RecordingFailure.unknownFile(file) }
    return index
  }
}

extension Disk.File {
  fileprivate mutating func settle(_ token: UInt64, lies: Bool) {
    guard let covered = syncs.removeValue(forKey: token), !lies, covered > settled else { return }
    for change in pending.prefix(covered - settled) { change.apply(to: &durable) }
    pending.removeFirst(covered - settled)
    settled = covered
  }
}

extension Disk.Change {
  func apply(to content: inout [UInt8]) {
    switch self {
    case .write(let offset, let bytes):
      content.extend(to: offset + bytes.count)
      content.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    case .truncate(let size):
      content.extend(to: size)
      content.removeLast(content.count - size)
    case .allocate(let size): content.extend(to: size)
    }
  }
}

extension Array where Element == UInt8 {
  fileprivate mutating func extend(to size: Int) {
    if count < size { append(contentsOf: [UInt8](repeating: 0, count: size - count)) }
  }
}

import Glibc

/// Reads a write-ahead log before SQLite does, to tell damage from a torn end.
///
/// SQLite's recovery stops at the first frame whose checksum is wrong and drops what follows
/// without a word. After a power cut that is right: every commit was synced before the next one was
/// written, so at most one commit can stand behind the first bad frame. Two of them mean that a
/// frame went bad after it was synced, and that acknowledged changes would be lost.
///
/// Unsafe expressions: the pointers are lent by the buffer that was read into, for whole frames.
///
/// A commit frame counts only when it continues the checksums of the frame before it: headers
/// alone may be left over from a commit that the disk had no space for.
struct WALAudit {
  private enum Constant {
    static let frameHeader = 24
    static let framesPerRead = 32
  }

  private let header: WALHeader
  /// Where the checksums stand after the last frame, as computed along the way.
  private var running: WALChecksum
  /// The same, as that frame says of itself.
  private var stored: WALChecksum
  private var firstBad: Int?
  private var isFirstBadCommit = false
  private var commitsBeyond = 0
  private var hasCommit = false

  /// The number of the first bad frame (from 1; 0 is the log's header) when the log is damaged; nil
  /// when it is whole or merely torn.
  static func damagedFrame(ofLog name: String) throws(LedgerOpenError) -> Int? {
    // Safe: the name is copied by the kernel.
    let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .unusable(path: name, cause: "cannot be opened: \(systemText(errno))")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: WALHeader.byteCount)
    guard try read(descriptor, name, at: 0, into: &bytes) == bytes.count else { return nil }
    if let header = unsafe bytes.withUnsafeBytes({ unsafe WALHeader($0) }) {
      var audit = WALAudit(header)
      try audit.readFrames(descriptor, name)
      return audit.verdict
    }
    for header in WALHeader.repaired(bytes) {
      var audit = WALAudit(header)
      try audit.readFrames(descriptor, name)
      if audit.hasCommit { return 0 }
    }
    return nil
  }

  private init(_ header: WALHeader) {
    self.header = header
    running = header.checksum
    stored = header.checksum
  }

  private var verdict: Int? {
    commitsBeyond + (isFirstBadCommit ? 1 : 0) >= 2 ? firstBad : nil
  }

  private mutating func readFrames(_ descriptor: Int32, _ name: String) throws(LedgerOpenError) {
    let frame = Constant.frameHeader + header.pageSize
    var buffer = [UInt8](repeating: 0, count: frame * Constant.framesPerRead)
    var position = WALHeader.byteCount
    var number = 1
    while true {
      let count = try Self.read(descriptor, name, at: position, into: &buffer)
      unsafe buffer.withUnsafeBytes { bytes in
        for index in 0..<(count / frame) {
          let start = index * frame
          unsafe take(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + frame)]), number)
          number += 1
        }
      }
      guard count == buffer.count else { return }
      position += count
    }
  }

  private mutating func take(_ frame: UnsafeRawBufferPointer, _ number: Int) {
    let isOurs = unsafe frame.bigEndian64(at: 8) == header.salts
    // Behind the end lie frames of an older log: they need not be summed.
    guard isOurs || firstBad == nil else { return }
    let isCommit = unsafe frame.bigEndian32(at: 4) != 0
    let own = unsafe WALChecksum(storedAt: 16, in: frame)
    let computed = unsafe checksum(frame, from: running)
    var continues = computed == own
    if !continues, stored != running {
      continues = unsafe checksum(frame, from: stored) == own
    }
    if firstBad == nil, !isOurs || !continues {
      firstBad = number
      // Of an older log, unless only its salt is damaged, which the sum does not cover.
      isFirstBadCommit = isCommit && (isOurs || continues)
    } else if continues, isCommit {
      if firstBad == nil { hasCommit = true } else { commitsBeyond += 1 }
    }
    running = continues ? own : computed
    stored = own
  }

  private func checksum(_ frame: UnsafeRawBufferPointer, from seed: WALChecksum) -> WALChecksum {
    var checksum = seed
    unsafe checksum.add(
      UnsafeRawBufferPointer(rebasing: frame[0..<8]), isBigEndian: header.isBigEndian)
    unsafe checksum.add(
      UnsafeRawBufferPointer(rebasing: frame[Constant.frameHeader...]),
      isBigEndian: header.isBigEndian)
    return checksum
  }

  /// Fills the buffer from a place in the file; less than its size at the end.
  private static func read(
    _ descriptor: Int32, _ name: String, at position: Int, into buffer: inout [UInt8]
  ) throws(LedgerOpenError) -> Int {
    var filled = 0
    while filled < buffer.count {
      // Safe: at most what is left of the buffer is written behind what was filled.
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(
          descriptor, bytes.baseAddress?.advanced(by: filled), bytes.count - filled,
          position + filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .unusable(path: name, cause: "cannot be read: \(systemText(errno))")
      }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}

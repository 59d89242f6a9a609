import Foundation

/// Where the frames of a SQLite write-ahead log lie, read from the file's own header.
package struct WriteAheadLog {
  /// Offsets of the frames that belong to the newest generation, in order.
  package let frames: [Int]

  /// Positions in `frames` of those that end a transaction.
  package let commits: [Int]
  package let pageSize: Int

  package static let frameHeaderSize = 24
  private static let headerSize = 32

  package init(path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    guard bytes.count >= Self.headerSize else { throw HarnessFailure.ended("\(path) is empty") }
    let pageSize = Self.number(bytes, 8)
    let salts = bytes[16..<24]
    var frames: [Int] = []
    var commits: [Int] = []
    var offset = Self.headerSize
    let step = Self.frameHeaderSize + pageSize
    while offset + step <= bytes.count, bytes[offset + 8..<offset + 16].elementsEqual(salts) {
      if Self.number(bytes, offset + 4) != 0 { commits.append(frames.count) }
      frames.append(offset)
      offset += step
    }
    self.frames = frames
    self.commits = commits
    self.pageSize = pageSize
  }

  private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}

/// Changing a file behind the daemon's back.
package enum FileDamage {
  /// Flips one bit of the byte at `offset`.
  package static func flipBit(of path: String, at offset: Int, bit: Int = 0) throws {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw HarnessFailure.system("open", errno) }
    defer { close(file) }
    var byte: UInt8 = 0
    guard pread(file, &byte, 1, off_t(offset)) == 1 else {
      throw HarnessFailure.system("pread", errno)
    }
    byte ^= 1 << UInt8(bit & 7)
    guard pwrite(file, &byte, 1, off_t(offset)) == 1 else {
      throw HarnessFailure.system("pwrite", errno)
    }
  }

  package static func size(of path: String) throws -> Int {
    var info = stat()
    guard stat(path, &info) == 0 else { throw HarnessFailure.system("stat", errno) }
    return Int(info.st_size)
  }
}

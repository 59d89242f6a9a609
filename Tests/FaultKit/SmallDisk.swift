import Foundation

/// A tmpfs of a few megabytes in a folder of its own, for running out of space.
///
/// Needs root.
package final class SmallDisk: Sendable {
  package let folder: TemporaryFolder
  package let path: String

  package init(megabytes: Int) throws {
    folder = try TemporaryFolder()
    path = folder.file("disk")
    guard mkdir(path, 0o755) == 0 else { throw HarnessFailure.system("mkdir", errno) }
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      throw HarnessFailure.system("mount", errno)
    }
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  package var ledgerPath: String { path + "/ledger.db" }
  private var ballastPath: String { path + "/ballast" }

  /// Takes all the space that is left.
  package func fill() throws {
    let file = open(ballastPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw HarnessFailure.system("open", errno) }
    defer { close(file) }
    for size in [1 << 20, 4096, 512, 1] {
      let chunk = [UInt8](repeating: 0, count: size)
      while write(file, chunk, size) > 0 {}
    }
    guard errno == ENOSPC else { throw HarnessFailure.system("write", errno) }
  }

  /// Gives back what `fill` took.
  package func free() throws {
    guard unlink(ballastPath) == 0 else { throw HarnessFailure.system("unlink", errno) }
  }
}

import CLinux
import Glibc

/// The lock beside the ledger file: one daemon a ledger, for as long as this value lives.
///
/// SQLite itself would let a second writer in. The kernel drops the lock however the process ends;
/// the file stays, as deleting it would race with the next holder.
///
/// Unsafe expressions: every pointer is to a name or bytes that outlive the call, and the kernel
/// keeps none of them.
struct LedgerLock: ~Copyable {
  private let descriptor: Int32

  init(ledger path: String) throws(LedgerOpenError) {
    let name = path + ".lock"
    // Safe: the name is copied by the kernel.
    descriptor = unsafe open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unusable(path: name, cause: "the lock file cannot be opened: \(systemText(errno))")
    }
    guard clinux_lock(descriptor) == 0 else {
      let number = errno
      let holder = Self.readPID(descriptor)
      close(descriptor)
      guard number == EAGAIN || number == EACCES else {
        throw .unusable(path: name, cause: "the file cannot be locked: \(systemText(number))")
      }
      throw .heldBy(pid: holder, path: path)
    }
    // On a full disk the pid is missing from the others' message; the lock holds all the same.
    ftruncate(descriptor, 0)
    let text = Array("\(getpid())\n".utf8)
    _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  private static func readPID(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    let digits = bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}

/// What the system calls an error.
func systemText(_ number: Int32) -> String {
  // Safe: strerror answers a C string that is copied before anything else is called.
  unsafe String(cString: strerror(number))
}

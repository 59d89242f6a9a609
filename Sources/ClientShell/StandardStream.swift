internal import Glibc

/// An open file of the process that is written to at once.
struct StandardStream: Sendable {
  static let output = StandardStream(descriptor: 1)
  static let errors = StandardStream(descriptor: 2)

  let descriptor: Int32

  /// Writes all of it, or as much as the other side takes.
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      // Safe: the memory is the rest of the array, with its length.
      let written = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      guard written > 0 || errno == EINTR else { return }
      start += max(written, 0)
    }
  }
}

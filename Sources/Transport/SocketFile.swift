internal import Glibc

/// The file of an own Unix socket: replaced when nobody serves it, removed when it is still ours.
struct SocketFile: Sendable {
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Remembers which file `path` is now.
  init(path: String, for endpoint: Endpoint) throws(ListenError) {
    guard let found = Self.look(path) else { throw ListeningSocket.failure("stat", endpoint) }
    self.path = path
    device = found.st_dev
    inode = found.st_ino
  }

  /// Removes the file unless another process has put its own there meanwhile.
  func remove() {
    guard let found = Self.look(path), found.st_dev == device, found.st_ino == inode else { return }
    // The path is a Swift string, valid for the call, here and below.
    unsafe unlink(path)
  }

  /// Makes the last folder of the path where it is missing; those above it must be there.
  static func makeFolder(of path: String, for endpoint: Endpoint) throws(ListenError) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    guard unsafe mkdir(String(path[..<slash]), 0o755) != 0, errno != EEXIST else { return }
    throw ListeningSocket.failure("mkdir", endpoint)
  }

  /// Binds, replacing a socket file that nobody listens on.
  static func bind(
    _ socket: Int32, to path: String, for endpoint: Endpoint
  ) throws(ListenError) {
    let address = SocketAddressBytes(path: path)
    if address.bind(socket) == 0 { return }
    guard errno == EADDRINUSE else { throw ListeningSocket.failure("bind", endpoint) }
    if let found = look(path), found.st_mode & S_IFMT != S_IFSOCK {
      throw ListenError.notASocket(path: path)
    }
    try checkStale(address, for: endpoint)
    unsafe unlink(path)
    guard address.bind(socket) == 0 else { throw ListeningSocket.failure("bind", endpoint) }
  }

  /// Throws unless connecting is refused, as it is when the process that listened has ended.
  private static func checkStale(
    _ address: SocketAddressBytes, for endpoint: Endpoint
  ) throws(ListenError) {
    let probe = socket(AF_UNIX, SocketKind.ownStream, 0)
    guard probe >= 0 else { throw ListeningSocket.failure("socket", endpoint) }
    defer { close(probe) }
    // EAGAIN is a live server whose queue is full.
    if address.connect(probe) == 0 || errno == EAGAIN { throw ListenError.taken(endpoint) }
    guard errno == ECONNREFUSED || errno == ENOENT else {
      throw ListeningSocket.failure("connect", endpoint)
    }
  }

  private static func look(_ path: String) -> stat? {
    var found = stat()
    // `found` outlives the call, which fills it whole or answers -1.
    return unsafe lstat(path, &found) == 0 ? found : nil
  }
}

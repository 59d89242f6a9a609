// Both are imported as either may own the names: the one whose headers the compiler met first.
internal import CSystemd
internal import Glibc

/// The kinds of sockets, as numbers for the calls that take them.
enum SocketKind {
  static let stream = Int32(SOCK_STREAM.rawValue)

  /// A stream socket that never blocks and that no program started from here inherits.
  static let ownStream = stream | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
}

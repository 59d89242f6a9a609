internal import CLinux

/// Who is at the other end of a connection, as the kernel says.
package enum Peer: Sendable, Equatable {
  /// A process of this machine, as it was when it connected. The uid 4294967295 is nobody's.
  case unix(uid: UInt32, gid: UInt32, pid: Int32)

  /// Whoever reaches the port. No uid: the kernel answers one for TCP too, and it means nothing.
  case tcp(isLoopback: Bool, address: String)

  /// Asks the kernel about the connected socket `descriptor`; nil when the peer has gone already.
  init?(descriptor: Int32) {
    guard let near = SocketName(of: descriptor) else { return nil }
    switch near.family {
    case .unix:
      var peer = clinux_peer()
      // `peer` outlives the call, which fills it whole or answers -1.
      guard unsafe clinux_peer_credentials(descriptor, &peer) == 0 else { return nil }
      self = .unix(uid: peer.uid, gid: peer.gid, pid: peer.pid)
    case .tcp:
      guard let far = SocketName(peerOf: descriptor) else { return nil }
      self = .tcp(isLoopback: far.isLoopback, address: far.text)
    case .other:
      return nil
    }
  }
}

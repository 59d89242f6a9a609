internal import CLinux

/// Who is at the other end of a connection, as the kernel says.
package enum Peer: Sendable, Equatable {
  /// A process of this machine, as it was when it connected. The uid 4294967295 is nobody's.
  ///
  /// `groups` are its supplementary ones.
  case unix(uid: UInt32, gid: UInt32, pid: Int32, groups: [UInt32])

  /// Whoever reaches the port. No uid: the kernel answers one for TCP too, and it means nothing.
  case tcp(isLoopback: Bool, address: String)

  /// Whoever has proven to be one of `names` by a certificate; without any, nobody.
  case tls(names: [String], address: String)

  /// The uid, or the address without the port: what connections are counted by.
  package var host: String {
    switch self {
    case .unix(let uid, _, _, _): "uid:\(uid)"
    case .tcp(_, let address), .tls(_, let address):
      String(address[..<(address.lastIndex(of: ":") ?? address.endIndex)])
    }
  }

  /// Asks the kernel about the connected socket `descriptor`; nil when the peer has gone already.
  ///
  /// - Parameter names: those of the certificate under TLS; nil: there is no TLS.
  init?(descriptor: Int32, certificate names: [String]?) {
    guard let near = SocketName(of: descriptor) else { return nil }
    switch near.family {
    case .unix:
      var peer = clinux_peer()
      // `peer` outlives the call, which fills it whole or answers -1.
      guard unsafe clinux_peer_credentials(descriptor, &peer) == 0 else { return nil }
      self = .unix(
        uid: peer.uid, gid: peer.gid, pid: peer.pid, groups: Self.groups(descriptor))
    case .tcp:
      guard let far = SocketName(peerOf: descriptor) else { return nil }
      if let names {
        self = .tls(names: names, address: far.text)
      } else {
        self = .tcp(isLoopback: far.isLoopback, address: far.text)
      }
    case .other:
      return nil
    }
  }

  /// The supplementary groups of the process that connected; none when the kernel does not say.
  private static func groups(_ descriptor: Int32) -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: 64)
    while true {
      // The call writes no more than it is told there is room for.
      let count = unsafe groups.withUnsafeMutableBufferPointer { buffer in
        unsafe clinux_peer_groups(descriptor, buffer.baseAddress, Int32(buffer.count))
      }
      guard count >= 0 else { return [] }
      if count <= groups.count { return Array(groups.prefix(Int(count))) }
      groups = [UInt32](repeating: 0, count: Int(count))
    }
  }
}

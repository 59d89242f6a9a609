import NIOCore
import NIOEmbedded
import NIOSSL

/// One connection's TLS as bytes in and bytes out: who owns the socket sends and receives them.
///
/// It runs on the load's own thread, so that a load over TLS is timed as one without.
final class TLSSession {
  // Proof for each `unsafe` in this file: a buffer copies the bytes of a span before the call ends.
  private let channel: EmbeddedChannel

  /// - Parameter host: what the server's certificate must be for: a name or an address.
  init(_ context: NIOSSLContext, host: String) throws(LoadFailure) {
    do {
      let address = try? SocketAddress(ipAddress: host, port: 0)
      let handler = try NIOSSLClientHandler(
        context: context, serverHostname: address == nil ? host : nil)
      channel = EmbeddedChannel(handler: handler)
      // Nothing is connected by this: it tells the handler whom to expect, and to begin.
      channel.connect(
        to: try address ?? SocketAddress(unixDomainSocketPath: "/"), promise: nil)
      channel.embeddedEventLoop.run()
    } catch {
      throw .tls("\(error)")
    }
  }

  /// What is to be sent for all of `plain`, and for the handshake.
  func encrypt(_ plain: inout ByteRegion, into wire: inout ByteRegion) throws(LoadFailure) {
    if !plain.isEmpty {
      var buffer = channel.allocator.buffer(capacity: plain.count)
      plain.takeAll { bytes in unsafe buffer.writeBytes(bytes.bytes) }
      channel.writeAndFlush(buffer, promise: nil)
    }
    do {
      while let part = try channel.readOutbound(as: ByteBuffer.self) {
        wire.append(part.readableBytesUInt8Span)
      }
      try channel.throwIfErrorCaught()
    } catch {
      throw .tls("\(error)")
    }
  }

  /// What `wire` says, once it is decrypted.
  func decrypt(_ wire: inout ByteRegion, into plain: inout ByteRegion) throws(LoadFailure) {
    var buffer = channel.allocator.buffer(capacity: wire.count)
    wire.takeAll { bytes in unsafe buffer.writeBytes(bytes.bytes) }
    do {
      try channel.writeInbound(buffer)
      while let part = try channel.readInbound(as: ByteBuffer.self) {
        plain.append(part.readableBytesUInt8Span)
      }
    } catch {
      throw .tls("\(error)")
    }
  }
}

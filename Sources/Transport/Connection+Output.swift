internal import Glibc
internal import LineProtocol
internal import NIOCore

/// The way of answers into the socket, and a look at what comes from there.
extension Connection {
  /// Whether the kernel has bytes of the client, as far as it can be seen.
  var hasInput: Bool {
    guard descriptor >= 0 else { return false }
    var byte: UInt8 = 0
    // The descriptor is open, as below; one byte is looked at, and `byte` has room for it.
    return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
  }

  /// An output buffer above this goes back to the allocator once it is empty.
  private static let keptCapacity = 1 << 16

  var hasOutput: Bool { output.bytes.count > sentOutput }

  /// Bytes that the kernel has not taken.
  var unsent: Int { output.bytes.count - sentOutput + inFlight }

  /// Offers the output to the socket, once, unless older bytes wait in the channel.
  func sendOutput() {
    guard hasOutput, inFlight == 0, !isBroken, descriptor >= 0 else { return }
    // The descriptor is open: the channel, which owns it, tells of its closing on this thread
    // (`closed()`), before anything else runs. The bytes stay for the call.
    let sent = unsafe output.bytes.withUnsafeBytes { bytes in
      unsafe Self.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sentOutput...]))
    }
    guard let sent else {
      isBroken = true
      return
    }
    sentOutput += sent
    if !hasOutput { discardOutput() }
  }

  /// Gives the channel what the socket did not take; it sends it as the client reads.
  func handOver() {
    guard inFlight == 0 else { return }
    var buffer = channel.channel.allocator.buffer(capacity: output.bytes.count - sentOutput)
    buffer.writeBytes(output.bytes[sentOutput...])
    discardOutput()
    inFlight = buffer.readableBytes
    handedOver &+= UInt64(inFlight)
    let sent = channel.eventLoop.makePromise(of: Void.self)
    sent.futureResult.assumeIsolated().whenSuccess { [self] in
      inFlight = 0
      loop.touch(self)
    }
    channel.channel.writeAndFlush(buffer, promise: sent)
  }

  func discardOutput() {
    sentOutput = 0
    output.removeAll(keepingCapacity: output.bytes.capacity <= Self.keptCapacity)
  }

  /// How many bytes the socket took without waiting; nil when it will never take any.
  @unsafe
  private static func send(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int? {
    let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
    while true {
      let sent = unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
      if sent >= 0 { return sent }
      switch errno {
      case EINTR: continue
      case EAGAIN, ENOBUFS, ENOMEM: return 0
      default: return nil
      }
    }
  }
}

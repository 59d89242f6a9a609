internal import Glibc
internal import NIOCore

/// Stops accepting for a moment when descriptors or memory have run out.
///
/// The channel would try again at once and for ever, as the waiting client keeps the socket ready:
/// a read that has failed stays asked for. Turning automatic reading off takes the socket out of
/// the selector. The clients wait in the kernel's queue meanwhile.
final class AcceptGate: ChannelInboundHandler {
  typealias InboundIn = any Channel

  private let pause: TimeAmount
  private let counters: TransportCounters
  private let events: TransportEvents
  private var isFailing = false

  init(pause: TimeAmount, counters: TransportCounters, events: TransportEvents) {
    self.pause = pause
    self.counters = counters
    self.events = events
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isFailing {
      isFailing = false
      events.acceptingAgain()
    }
    counters.accepted()
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let number = (error as? IOError)?.errnoCode, Self.passes(number) else {
      return context.fireErrorCaught(error)
    }
    counters.acceptFailed()
    if !isFailing {
      isFailing = true
      events.acceptFailed(number)
    }
    setReading(context, false)
    context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: pause) {
      self.setReading(context, true)
    }
  }

  /// Whether it may work later; a client that has gone before it was accepted needs no pause.
  private static func passes(_ number: Int32) -> Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(number)
  }

  private func setReading(_ context: ChannelHandlerContext, _ isOn: Bool) {
    // It fails on a closed channel only, where nothing is left to read.
    try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
  }
}

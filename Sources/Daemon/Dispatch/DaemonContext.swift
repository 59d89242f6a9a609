import AddressBitmap
import Allocation
import LineProtocol
import Logging
import NIOCore
import SQLiteLedger
import Transport

/// What all event loops share.
final class DaemonContext: Sendable {
  let configuration: DaemonConfiguration
  let engine: AllocationEngine
  let writer: LedgerWriter
  let ledger: SQLiteLedger
  let commits: CommitStatistics

  /// Reads of the ledger beside its writer.
  let readings: LedgerReadings

  /// The same for what takes long.
  let copies: LedgerReadings
  let requests = RequestStatistics()
  let log: Logger
  let policies: AccessPolicies
  let guesses = AuthenticationGuard()

  /// Monotonic nanoseconds.
  let started: Int64

  /// The OpenRPC document, made when somebody asks first.
  private let openRPC = Locked<[UInt8]?>(nil)
  private let transport = Locked<TransportCounters?>(nil)
  private let loops = Locked<[any EventLoop]>([])

  init(
    configuration: DaemonConfiguration, engine: AllocationEngine, writer: LedgerWriter,
    ledger: SQLiteLedger, commits: CommitStatistics, log: Logger
  ) {
    self.configuration = configuration
    self.engine = engine
    self.writer = writer
    self.ledger = ledger
    readings = LedgerReadings(ledger)
    copies = LedgerReadings(ledger)
    self.commits = commits
    self.log = log
    policies = AccessPolicies(AccessPolicy(configuration))
    started = engine.clock.monotonicNanoseconds()
  }

  var uptimeSeconds: Int64 { (engine.clock.monotonicNanoseconds() - started) / 1_000_000_000 }

  var document: [UInt8] {
    openRPC.withLock { document in
      if let document { return document }
      let made = OpenRPC.document(limits: configuration.limits)
      document = made
      return made
    }
  }

  /// All that serve connections.
  var eventLoops: [any EventLoop] { loops.withLock { $0 } }

  /// Notes one of them.
  func serves(_ eventLoop: any EventLoop) { loops.withLock { $0.append(eventLoop) } }

  /// Nil until the sockets are served.
  var counters: TransportCounters? {
    get { transport.withLock { $0 } }
    set { transport.withLock { $0 = newValue } }
  }
}

import AddressBitmap
import Logging
import ServiceLifecycle
import Transport
import UnixSignals

/// Reads the configuration anew on SIGHUP.
///
/// Access rules and certificates change without dropping a connection. What else is different waits
/// for the next start. A signal that comes during the start waits until the daemon serves.
final class ConfigurationReloads: Service {
  private let log: Logger
  private let notifier = SystemdNotifier()
  private let reread: @Sendable () throws(ConfigurationRefusal) -> DaemonConfiguration
  private let signals: UnixSignalsSequence
  private let take = Locked<(@Sendable (DaemonConfiguration) -> Void)?>(nil)
  private let begun = AsyncStream.makeStream(of: Void.self)

  /// Signals are caught from now on: before, each one ends the process.
  init(
    log: Logger,
    reread: @escaping @Sendable () throws(ConfigurationRefusal) -> DaemonConfiguration
  ) async {
    self.log = log
    self.reread = reread
    signals = await UnixSignalsSequence(trapping: .sighup)
  }

  /// From now on `take` hears of each configuration that is good.
  func begin(_ take: @escaping @Sendable (DaemonConfiguration) -> Void) {
    self.take.withLock { $0 = take }
    begun.continuation.finish()
  }

  func run() async throws {
    for await _ in begun.stream.cancelOnGracefulShutdown() {}
    for await _ in signals.cancelOnGracefulShutdown() { reload() }
  }

  /// Tells the service manager when it begins and ends: whoever asked for it waits for that.
  private func reload() {
    notifier.reloading()
    defer { notifier.ready() }
    do throws(ConfigurationRefusal) {
      let configuration = try reread()
      take.withLock { $0 }?(configuration)
    } catch {
      log.error(
        "the configuration has mistakes: the rules and certificates stay as they are",
        metadata: ["mistakes": "\(error)"])
    }
  }
}

extension DaemonContext {
  /// Goes on with the rules and certificates of another configuration.
  func take(_ configuration: DaemonConfiguration, _ tls: TLSIdentity?) {
    if let tls, let files = configuration.tls {
      do throws(TLSFileError) {
        try tls.reload(files)
      } catch {
        return log.error(
          "a certificate cannot be used: the rules and certificates stay as they are",
          metadata: ["cause": "\(error.description)"])
      }
    }
    policies.replace(by: AccessPolicy(configuration))
    log.notice(
      "configuration read anew",
      metadata: ["rules": "\(configuration.access.count)", "tls": "\(tls != nil)"])
  }
}

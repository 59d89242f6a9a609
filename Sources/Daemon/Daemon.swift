import Logging
import SQLiteLedger
import ServiceLifecycle
import Transport
import UnixSignals

/// The daemon: opens the ledger, rebuilds what it says, serves it, and ends cleanly.
package enum Daemon {
  package static let version = "0.1.0"

  /// Runs until SIGTERM or SIGINT, or until something fails; returns the process's exit status.
  package static func run(_ configuration: DaemonConfiguration) async -> Int32 {
    let log = Logger.daemon(level: configuration.logLevel)
    do throws(StartFailure) {
      // Before anything starts a thread: it takes variables out of the environment.
      let inherited = try inheritedSockets()
      let core = try DaemonCore.open(configuration, log: log)
      let service = DaemonService(core: core, inherited: inherited)
      return await serve(service, log)
    } catch {
      log.critical("\(error.message)")
      return error.status
    }
  }

  private static func inheritedSockets() throws(StartFailure) -> [ListeningSocket] {
    do throws(ListenError) {
      return try ListeningSocket.inherited()
    } catch {
      throw StartFailure(message: error.description, status: ExitStatus.cannotCreate)
    }
  }

  private static func serve(_ service: DaemonService, _ log: Logger) async -> Int32 {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    do {
      try await group.run()
      return ExitStatus.success
    } catch let failure as StartFailure {
      log.critical("\(failure.message)")
      return failure.status
    } catch {
      log.critical("the daemon stopped", metadata: ["error": "\(error)"])
      return ExitStatus.ioError
    }
  }
}

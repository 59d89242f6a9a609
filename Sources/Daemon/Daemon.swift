import CLinux
import Logging
import SQLiteLedger
import ServiceLifecycle
import Transport
import UnixSignals

/// The daemon: opens the ledger, rebuilds what it says, serves it, and ends cleanly.
package enum Daemon {
  package static let version = "0.1.0"

  /// Runs until SIGTERM or SIGINT, or until something fails; returns the process's exit status.
  ///
  /// - Parameter reread: reads the configuration anew, on SIGHUP.
  package static func run(
    _ configuration: DaemonConfiguration,
    reread: @escaping @Sendable () throws(ConfigurationRefusal) -> DaemonConfiguration
  ) async -> Int32 {
    clinux_share_memory()
    let log = Logger.daemon(level: configuration.logLevel)
    do throws(StartFailure) {
      // Before anything starts a thread: it takes variables out of the environment.
      let inherited = try inheritedSockets()
      let reloads = await ConfigurationReloads(log: log, reread: reread)
      let tls = try configuration.tls.map { (files) throws(StartFailure) in try identity(files) }
      let core = try DaemonCore.open(configuration, log: log)
      let service = DaemonService(core: core, inherited: inherited, tls: tls, reloads: reloads)
      return await serve(service, reloads, log)
    } catch {
      log.critical("\(error.message)")
      return error.status
    }
  }

  /// What `--check-config` looks at beyond the settings themselves: the files that they name.
  package static func check(_ configuration: DaemonConfiguration) -> String? {
    guard let files = configuration.tls else { return nil }
    do throws(StartFailure) {
      _ = try identity(files)
      return nil
    } catch {
      return error.message
    }
  }

  private static func identity(_ files: TLSFiles) throws(StartFailure) -> TLSIdentity {
    do throws(TLSFileError) {
      return try TLSIdentity(files)
    } catch {
      throw StartFailure(message: "tls: \(error.description)", status: ExitStatus.configuration)
    }
  }

  private static func inheritedSockets() throws(StartFailure) -> [ListeningSocket] {
    do throws(ListenError) {
      return try ListeningSocket.inherited()
    } catch {
      throw StartFailure(message: error.description, status: ExitStatus.cannotCreate)
    }
  }

  private static func serve(
    _ service: DaemonService, _ reloads: ConfigurationReloads, _ log: Logger
  ) async -> Int32 {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(
            service: service, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup),
          .init(service: reloads, successTerminationBehavior: .ignore),
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

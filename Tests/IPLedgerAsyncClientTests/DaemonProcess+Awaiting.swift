import FaultKit
import Foundation

/// What blocks, on threads of its own: the few threads of tasks are for the client under test.
extension DaemonProcess {
  static func started(
    _ setup: DaemonSetup = .dual, in folder: TemporaryFolder? = nil
  ) async throws -> DaemonProcess {
    try await onOwnThread { try start(setup, in: folder) }
  }

  func startedAgain() async throws -> DaemonProcess {
    try await Self.onOwnThread { try self.startAgain() }
  }

  func killed() async throws { try await Self.onOwnThread { try self.kill() } }

  func paused() async throws { try await Self.onOwnThread { try self.pause() } }

  func ended() async throws -> ExitStatus {
    try await Self.onOwnThread { try self.child.waitForExit() }
  }

  /// strace makes every sync slow or broken.
  func traced(_ fault: String) async throws -> Tracer {
    try await Self.onOwnThread { try Tracer(self, Tracer.syncs, fault) }
  }

  private static func onOwnThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try body() }) }.start()
    }
  }
}

import FaultKit
import Foundation
import Testing

/// The unit files, as systemd's own tools judge them.
@Suite(.ownThreads) struct UnitTests {
  private static let analyze = "/usr/bin/systemd-analyze"
  private static let sockets = [
    "ipledgerd.socket", "ipledgerd-tcp.socket", "ipledgerd-metrics.socket",
  ]
  private static let service = "ipledgerd.service"

  /// The units in a folder of their own; the daemon is the one under test.
  private static func units() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in sockets + [service] {
      let text = try Repository.text("ops/systemd/" + name)
        .replacing("/usr/sbin/ipledgerd", with: Environment.daemonPath)
      _ = try folder.write(text, to: name)
    }
    return folder
  }

  @Test func `systemd finds nothing wrong with the units`() throws {
    let folder = try Self.units()
    let files = (Self.sockets + [Self.service]).map { folder.file($0) }
    let result = try ChildProcess.run(
      Self.analyze, ["verify", "--man=no", "--recursive-errors=no"] + files)
    #expect(result.status == .exited(0), "\(result.errors)")
    // Unknown keys are told of and are no error to it.
    #expect(result.errors.isEmpty && result.output.isEmpty, "\(result.errors)\(result.output)")
  }

  @Test func `an unknown key is found`() throws {
    let folder = try Self.units()
    let text = try Repository.text("ops/systemd/" + Self.sockets[0]) + "\n[Socket]\nBaclog=1\n"
    _ = try folder.write(text, to: Self.sockets[0])
    let result = try ChildProcess.run(
      Self.analyze, ["verify", "--man=no", folder.file(Self.sockets[0])])
    #expect(result.errors.contains("Baclog"), "\(result.errors)")
  }

  @Test func `the service is exposed to 0.5 of 10 at most`() throws {
    let folder = try Self.units()
    let result = try ChildProcess.run(
      Self.analyze,
      ["security", "--offline=true", "--threshold=5", "--no-pager", folder.file(Self.service)])
    #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
  }

  @Test func `what would break clients is not in the service`() throws {
    let lines = try Repository.text("ops/systemd/" + Self.service).split(separator: "\n")
    let keys = Set(lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix { $0 != "=" }) })
    // Peers would all be one user; the folder of the socket would go at each stop.
    #expect(keys.isDisjoint(with: ["PrivateUsers", "DynamicUser", "RuntimeDirectory"]))
    #expect(lines.contains("Type=notify") && lines.contains("ExecReload=/bin/kill -HUP $MAINPID"))
    #expect(lines.contains("StartLimitIntervalSec=0") && lines.contains("Restart=always"))
  }

  @Test(arguments: [("ipledgerd-tcp.socket", "tls"), ("ipledgerd-metrics.socket", "metrics")])
  func `a socket has the name that the daemon knows it by`(_ unit: String, _ name: String) throws {
    let text = try Repository.text("ops/systemd/" + unit)
    #expect(text.contains("\nFileDescriptorName=\(name)\n"))
    #expect(text.contains("\nService=ipledgerd.service\n"))
  }
}

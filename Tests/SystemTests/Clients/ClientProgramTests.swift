import FaultKit
import Foundation
import Testing

/// The clients of `proto-spec/clients`, as they are, against a real daemon.
@Suite(.ownThreads) struct ClientProgramTests {
  private static let everywhere = [
    ["/usr/bin/python3", "client.py"], ["/bin/sh", "client.sh"],
  ]
  private static let hasGo = access("/usr/bin/go", X_OK) == 0
  private static let programs = everywhere + (hasGo ? [["/usr/bin/go", "run", "client.go"]] : [])

  private func run(_ program: [String], _ socket: String) throws -> ChildProcess {
    let script = Repository.path("proto-spec/clients/" + program[program.count - 1])
    // Go keeps what it has compiled there, for all of these tests.
    let cache = FileManager.default.temporaryDirectory.appendingPathComponent("ipledger-go").path
    return try ChildProcess(
      program[0], program[1..<(program.count - 1)] + [script, socket],
      environment: Environment.clean.merging(["GOCACHE": cache, "GOFLAGS": ""]) { $1 })
  }

  private func expectLife(_ child: ChildProcess) throws {
    #expect(try child.waitForExit() == .exited(0), "\(child.errorText)")
    let output = child.outputText
    for text in ["10.244.0.0/24", "fd00:10:244::/64", "10.244.0.2", "fd00:10:244::2", "web-0"] {
      #expect(output.contains(text), "\(text): \(output)")
    }
    #expect(output.lowercased().contains("true"), "the repeat finds what is there: \(output)")
  }

  @Test(arguments: programs)
  func `a short client does a pod's whole life`(program: [String]) throws {
    let daemon = try DaemonProcess.start()
    try expectLife(try run(program, daemon.socketPath))
    let pods = try daemon.client().all("pod.list")
    #expect(pods.isEmpty, "the last thing is the release")
  }

  @Test(arguments: programs)
  func `a short client waits for a daemon that starts later`(program: [String]) throws {
    let folder = try TemporaryFolder()
    let child = try run(program, folder.file("s.sock"))
    let daemon = try DaemonProcess.start(in: folder)
    try expectLife(child)
    withExtendedLifetime(daemon) {}
  }

  @Test(arguments: programs)
  func `a short client tells a refusal, and does not repeat it`(program: [String]) throws {
    // No node CIDRs: the registration is refused.
    let daemon = try DaemonProcess.start(DaemonSetup())
    let child = try run(program, daemon.socketPath)
    #expect(try child.waitForExit() == .exited(1))
    #expect(child.errorText.contains("podCIDRs") || child.errorText.contains("CIDR"))
  }

  @Test(.enabled(if: hasGo, "golang-go is not installed: the client in Go was not run"))
  func `the client in Go is formatted as Go's own tool does it, and short`() throws {
    let path = Repository.path("proto-spec/clients/client.go")
    let check = try ChildProcess.run("/usr/bin/gofmt", ["-l", path])
    #expect(check.output.isEmpty && check.status == .exited(0), "\(check)")
    let lines = try Repository.text("proto-spec/clients/client.go").split(separator: "\n")
    #expect(lines.count < 30)
  }
}

import FaultKit
import Glibc
import IPLedgerClient
import Testing

@testable import ClientShell

/// The shell against a real daemon, and its history on a real disk.
@Suite(.ownThreads) struct ShellSessionTests {
  private static func session(_ daemon: DaemonProcess) throws -> ShellSession {
    let client = try BlockingClient(to: .unix(path: daemon.socketPath), within: .seconds(10))
    let call: Shell.Call = { try client.call($0, $1, within: .seconds(10)) }
    return ShellSession(
      call: call, catalogue: MethodCatalogue(try call("rpc.discover", [:])), isPlain: true)
  }

  @Test func `lines are answered, refusals too`() throws {
    let daemon = try DaemonProcess.start()
    let session = try Self.session(daemon)
    guard case .text(let node) = session.respond(to: "node.register name=1") else {
      Issue.record("a name of digits is text")
      return
    }
    #expect(node.hasPrefix(#"{"name":"1","podCIDR":"10.244.0.0/24""#))
    guard case .failure(let refusal) = session.respond(to: "node.register nam=2") else {
      Issue.record("no refusal")
      return
    }
    #expect(refusal.contains("InvalidParams") && refusal.contains("nam"))
    #expect(session.respond(to: " ") == .nothing)
    #expect(session.respond(to: "exit") == .exit)
    guard case .failure(let hint) = session.respond(to: "ledger.watch") else {
      Issue.record("events would come that nobody shows")
      return
    }
    #expect(hint.contains("ledger.read"))
  }

  @Test func `what the daemon has completes a line`() throws {
    let daemon = try DaemonProcess.start()
    let session = try Self.session(daemon)
    for line in [
      "node.register name=worker-1", "pod.reserve node=worker-1 namespace=blue name=web-0",
    ] {
      guard case .text = session.respond(to: line) else {
        Issue.record("\(session.respond(to: line))")
        return
      }
    }
    #expect(session.complete("pod.get name=w").choices == ["web-0 "])
    #expect(session.complete("pod.list namespace=").choices == ["blue "])
    #expect(session.complete("pod.reserve node=").choices == ["worker-1 "])
    #expect(session.complete("ip.get ip=10").choices == ["10.244.0.2 "])
    #expect(session.complete("egress.render format=n").choices == ["nftables "])
    #expect(session.complete("serv").choices.contains("service.reserve "))
    withExtendedLifetime(daemon) {}
  }

  @Test func `help tells what a method takes`() throws {
    let daemon = try DaemonProcess.start()
    let session = try Self.session(daemon)
    guard case .text(let help) = session.respond(to: "help pod.reserve"),
      case .text(let all) = session.respond(to: "help")
    else {
      Issue.record("no help")
      return
    }
    #expect(help.contains("node *") && help.contains("ttlSeconds"))
    #expect(all.contains("ledger.watch"))
    guard case .failure = session.respond(to: "help nothing") else {
      Issue.record("help for nothing")
      return
    }
    withExtendedLifetime(daemon) {}
  }

  @Test func `a sample is read from a real daemon`() throws {
    let daemon = try DaemonProcess.start()
    let client = try BlockingClient(to: .unix(path: daemon.socketPath), within: .seconds(10))
    _ = try client.call("node.register", ["name": "n"], within: .seconds(10))
    let sample = try TopSample(time: .zero) { try client.call($0, $1, within: .seconds(10)) }
    #expect(sample.ranges.map(\.name).sorted().contains("service-ipv6"))
    #expect(sample.nodes == 1)
    #expect(sample.revision == 1)
    #expect(sample.counters.requests >= 1)
    withExtendedLifetime(daemon) {}
  }

  @Test func `the history is its writer's alone, and is kept`() throws {
    let folder = try TemporaryFolder()
    let file = try #require(HistoryFile(environment: ["XDG_STATE_HOME": folder.path]))
    #expect(file.path == folder.path + "/ipledger/history")
    #expect(file.read() == LineHistory())
    let history = LineHistory(text: "one\ntwo\n")
    #expect(file.write(history))
    #expect(file.read() == history)
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `a history that cannot be kept is no error`() throws {
    let file = try #require(HistoryFile(environment: ["XDG_STATE_HOME": "/dev/null"]))
    #expect(!file.write(LineHistory(text: "one\n")))
    #expect(file.read() == LineHistory())
    #expect(
      HistoryFile(environment: ["HOME": "/home/x"])?.path == "/home/x/.local/state/ipledger/history"
    )
    #expect(HistoryFile(environment: [:]) == nil)
  }
}

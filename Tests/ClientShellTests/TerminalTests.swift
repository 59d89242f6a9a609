import FaultKit
import Foundation
import IPLedgerClient
import Testing

@testable import ClientShell

/// The shell and `top` on a terminal, which they give back as it was.
@Suite(.ownThreads) struct TerminalTests {
  /// Calls a real daemon, from one thread.
  private func call(_ daemon: DaemonProcess) -> Shell.Call {
    var client: BlockingClient?
    return { method, params in
      let made =
        try client ?? BlockingClient(to: .unix(path: daemon.socketPath), within: .seconds(9))
      client = made
      return try made.call(method, params, within: .seconds(10))
    }
  }

  private func shell(_ daemon: DaemonProcess, _ folder: TemporaryFolder) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal()
    #expect(terminal.isAsItWas)
    terminal.run { [self] descriptor in
      let shell = Shell(environment: ["XDG_STATE_HOME": folder.path], call: call(daemon))
      #expect(throws: Never.self) { try shell.run(input: descriptor, output: descriptor) }
    }
    try terminal.wait(for: "ipledger> ")
    #expect(!terminal.isAsItWas, "every key at once")
    return terminal
  }

  @Test func `a line is completed, sent, answered and remembered`() throws {
    let folder = try TemporaryFolder()
    let daemon = try DaemonProcess.start()
    var terminal = try shell(daemon, folder)
    terminal.type("node.reg\tna\tworker-1\r")
    try terminal.wait(for: #""podCIDR": "10.244.0.0/24""#)
    terminal.type("\u{4}")
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)

    terminal = try shell(daemon, folder)
    terminal.type("\u{1B}[A")
    try terminal.wait(for: "ipledger> node.register name=worker-1")
    terminal.type("\r")
    try terminal.wait(for: #""existing": true"#)
    terminal.type("exit\r")
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a signal ends the shell, and the terminal is as it was`(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let terminal = try shell(try DaemonProcess.start(), folder)
    terminal.signal(signal)
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)
  }

  private func top(_ daemon: DaemonProcess) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal()
    terminal.run { [self] descriptor in
      let top = Top(interval: .milliseconds(20), call: call(daemon))
      #expect(throws: Never.self) { try top.run(input: descriptor, output: descriptor) }
    }
    try terminal.wait(for: "service-ipv6")
    return terminal
  }

  @Test func `the picture lives, and goes with a key`() throws {
    let daemon = try DaemonProcess.start()
    let terminal = try top(daemon)
    try daemon.client().request("node.register", ["name": "n"])
    try terminal.wait(for: "nodes 1")
    terminal.type("sr ")
    try terminal.wait(for: "sorted by free, reversed   PAUSED")
    terminal.type("q")
    try terminal.wait(for: "\u{1B}[?1049l")
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal ends the picture, and the terminal is as it was`(signal: Int32) throws {
    let terminal = try top(try DaemonProcess.start())
    terminal.signal(signal)
    try terminal.wait(for: "\u{1B}[?1049l")
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)
  }

  @Test func `a daemon that goes away is said to be gone, and the picture stays`() throws {
    let daemon = try DaemonProcess.start()
    let terminal = try top(daemon)
    try daemon.kill()
    try terminal.wait(for: "NO ANSWER")
    terminal.type("q")
    try terminal.waitForEnd()
    #expect(terminal.isAsItWas)
  }
}

import FaultKit
import Foundation
import Testing

/// What a plugin must not be brought down by: input, and the number of callers.
@Suite(.ownThreads) struct CNIHostileTests {
  private static let inputs: [(String, Int)] = [
    ("", 6), ("{", 6), ("\u{0}\u{0}\u{0}", 6), ("[[[[", 6), ("{}{}", 6), ("\u{FEFF}{}", 6),
    (String(repeating: "[", count: 100_000), 6), (#"{"name":"a","name":"b","ipam":{}}"#, 6),
    (#"{"name":"\ud800","ipam":{}}"#, 6),
    ("{\"a\":\"" + String(repeating: "x", count: 17 << 20), 6),
    ("{}", 7), (#"{"name":"n"}"#, 7), (#"{"name":"../etc","ipam":{}}"#, 7),
    (#"{"name":"n","ipam":{"socket":"relative"}}"#, 7),
    (#"{"name":"n","ipam":{"socket":"tls:h:1"}}"#, 7),
    (#"{"cniVersion":"1.0.0\n","name":"n","ipam":{}}"#, 1),
  ]

  @Test func `bad input is one document with a code, and nothing is reserved`() throws {
    let bench = try CNIBench()
    for (input, code) in Self.inputs {
      let shown = input.prefix(60)
      for command in ["ADD", "DEL"] {
        let run = try bench.run(command, "c1", config: input)
        #expect(run.code == code, "\(command) \(shown): \(run)")
        #expect(run.json?["msg"]?.text?.contains("\n") == false, "\(run)")
      }
    }
    #expect(try bench.held().isEmpty)
  }

  @Test func `what answers at the socket may be anything`() throws {
    let bench = try CNIBench()
    let folder = try TemporaryFolder()
    let config = bench.config(ipam: ["socket": .string(folder.file("none")), "timeoutSeconds": 1])
    #expect(try bench.run("ADD", "c1", config: config).code == 11)
    let path = try folder.write("no socket", to: "file")
    let file = bench.config(ipam: ["socket": .string(path)])
    #expect(try bench.run("DEL", "c1", config: file).code == 11)
  }

  @Test func `a daemon that hangs is left in time, and does not do late what nobody waits for`()
    throws
  {
    let bench = try CNIBench()
    let config = bench.config(ipam: ["timeoutSeconds": 1])
    let held = try bench.run("ADD", "before")
    bench.daemon.child.signal(SIGSTOP)
    let added = try bench.run("ADD", "late", config: config)
    let deleted = try bench.run("DEL", "before", config: config)
    bench.daemon.child.signal(SIGCONT)
    for run in [added, deleted] {
      #expect(run.code == 11 && run.json?["details"] == "no answer in time", "\(run)")
    }
    #expect(try bench.held().compactMap { $0["containerID"]?.text } == ["before"])
    #expect(try bench.run("ADD", "before").output == held.output)
  }

  @Test func `many at once get addresses of their own, and give all of them back`() throws {
    let bench = try CNIBench()
    let names = try Workers.run(8) { worker, gate in
      try gate.pass()
      return try (0..<6).flatMap { round in
        try bench.run("ADD", "c\(worker)-\(round)").addresses
      }
    }.flatMap { $0 }
    #expect(Set(names).count == 8 * 6 * 2, "\(names)")
    _ = try Workers.run(8) { worker, gate in
      try gate.pass()
      for round in 0..<6 { #expect(try bench.run("DEL", "c\(worker)-\(round)").isSuccess) }
    }
    #expect(try bench.held().isEmpty)
  }

  @Test func `of many who add one attachment all hear the same`() throws {
    let bench = try CNIBench(registersNode: false)
    let config = bench.config(ipam: ["autoRegisterNode": true])
    let outputs = try Workers.run(8) { _, gate in
      try gate.pass()
      return try bench.run("ADD", "c1", config: config).output
    }
    #expect(Set(outputs).count == 1, "\(outputs)")
    #expect(try bench.held().count == 1)
  }

  @Test func `VERSION and the text about it need no daemon and no input`() throws {
    let bench = try CNIBench()
    try bench.kill()
    let version = try bench.run("VERSION", config: "")
    #expect(version.json?["supportedVersions"]?.strings?.count == 7, "\(version)")
    #expect(
      try bench.run("VERSION", config: #"{"cniVersion":"0.4.0"}"#).json?["cniVersion"] == "0.4.0")
    let about = try bench.run("")
    #expect(about.isSuccess && about.output.isEmpty && about.errors.contains("0.1.0"), "\(about)")
  }
}

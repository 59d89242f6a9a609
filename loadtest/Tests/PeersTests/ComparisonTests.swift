import FaultKit
import Foundation
import Testing

/// `loadtest/peers/run` with the daemon of this build, and with peers that every machine has.
@Suite struct ComparisonTests {
  private let folder: DiskFolder

  init() throws { folder = try DiskFolder() }

  private func arguments(_ own: [String]) -> [String] {
    let build = URL(filePath: Environment.daemonPath).deletingLastPathComponent()
    return [
      "--ipledgerd", Environment.daemonPath,
      "--ipledger-load", build.appending(path: "ipledger-load").path,
      "--folder", folder.path, "--runs", "1", "--seconds", "1",
    ] + own
  }

  private func compare(
    _ own: String...
  ) throws -> (status: FaultKit.ExitStatus, output: String, errors: String) {
    let child = try ChildProcess(Repository.path("loadtest/peers/run"), arguments(own))
    // Two systems start, are measured and start again under strace.
    let status = try child.waitForExit(within: Deadline(seconds: 120))
    return (status, child.outputText, child.errorText)
  }

  @Test func `a comparison says what each system did`() throws {
    let figures = try TemporaryFolder()
    let file = figures.file("figures.json")
    let run = try compare("--peers", "disk", "--clients", "1", "--json", file)
    #expect(run.status == .exited(0), "\(run.errors)")
    let names = run.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    #expect(names == ["1", "system", "ipledger", "disk"])
    let json = try String(contentsOfFile: file, encoding: .utf8)
    #expect(json.contains("\"per_second\""))
    #expect(try folder.names().isEmpty)
  }

  @Test func `Redis does the same work, or it is said that there is none`() throws {
    let run = try compare("--peers", "redis", "--clients", "4", "--depth", "2", "--markdown")
    #expect(run.status == .exited(0), "\(run.errors)")
    let tools = ["redis-server", "redis-benchmark", "redis-cli"]
    if tools.allSatisfy({ FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }) {
      #expect(run.output.contains("\n| redis | "))
    } else {
      #expect(run.errors.contains("redis is left out: there is no redis-"))
    }
  }

  @Test func `a system that fails is left out, and the others are measured`() throws {
    let programs = try TemporaryFolder()
    // Another process writes it: one that this one has open for writing, or a child that it starts
    // at the same time, cannot be run.
    let text = try programs.write("#!/bin/sh\necho 'no socket' >&2\nexit 3\n", to: "text")
    let broken = programs.file("load")
    let made = try ChildProcess.run("/usr/bin/install", ["-m", "755", text, broken])
    #expect(made.status == .exited(0), "\(made.errors)")
    let run = try compare("--peers", "disk", "--clients", "1", "--ipledger-load", broken)
    #expect(run.status == .exited(1))
    #expect(run.errors.contains("ipledger failed in round 1: load failed with 3: no socket"))
    #expect(run.output.contains("\ndisk "))
    #expect(!run.output.contains("\nipledger "))
  }

  @Test(arguments: [
    (["--peers", "nobody"], 2, "'nobody' is none of redis, redis-history"),
    (["--shapes", "64"], 2, "'64' is not CLIENTSxDEPTH, such as 64x1"),
    (["--depth", "2"], 2, "--depth needs --clients"),
    (["--runs", "0"], 2, "'0' is not a whole number from 1 to 1000"),
    (["--ipledgerd", "/nowhere/ipledgerd"], 1, "there is no /nowhere/ipledgerd"),
    (["--folder", "/nowhere"], 1, "No such file or directory: '/nowhere/"),
    (["--folder", "/dev/shm"], 1, "where an fsync costs nothing"),
  ])
  func `what cannot be measured is refused with the reason`(
    own: [String], status: Int32, message: String
  ) throws {
    let run = try ChildProcess.run(Repository.path("loadtest/peers/run"), arguments(own))
    #expect(run.status == .exited(status))
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try folder.names().isEmpty)
  }

  @Test func `nothing is left behind when it is ended`() throws {
    let child = try ChildProcess(
      Repository.path("loadtest/peers/run"), arguments(["--clients", "1", "--seconds", "60"]))
    let client = try eventually("the daemon") {
      try folder.names().first.flatMap {
        try? LineClient(unix: "\(folder.path)/\($0)/ipledger/s.sock")
      }
    }
    child.signal(SIGTERM)
    #expect(try child.waitForExit() == .exited(143))
    try client.expectEnd()
    #expect(try folder.names().isEmpty)
  }
}

/// A folder of one test on a disk: `/tmp` may be in memory, where nothing is measured.
private final class DiskFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/var/tmp/ipledger-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw HarnessFailure.system("mkdtemp", errno) }
    path = String(cString: made)
    // Servers that run as another user find their folders.
    chmod(path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
}

import Foundation
import IPLedgerClient
import Testing

@testable import ipledger_load

@Suite struct ScenarioTests {
  private static let base = LoadPlan(endpoint: .unix(path: "s"), keeps: false)

  private func scenario(_ yaml: String) throws -> Scenario {
    try Scenario(yaml: yaml, name: "file", base: Self.base)
  }

  @Test func `a phase says what differs from what holds for all`() throws {
    let scenario = try scenario(
      """
      name: two
      all: {clients: 3, seconds: 2, check: true}
      phases:
        - {mode: pods4, rate: 100, warmUp: 0.5}
        - {mode: fill, name: full, requests: 7, clients: 1}
        - {mode: restart-storm, podsPerNode: 5, keep: true}
      """)
    #expect(scenario.name == "two")
    let phases = scenario.phases
    #expect(phases.map(\.mode) == [.pods4, .fill, .restartStorm])
    #expect(phases.map(\.name) == ["pods4", "full", "restart-storm"])
    #expect(phases.map(\.clients) == [3, 1, 3])
    #expect(phases[0].rate == 100 && phases[0].warmUp == 0.5 && phases[0].seconds == 2)
    #expect(phases[1].requests == 7 && phases[1].seconds == nil)
    #expect(phases.map(\.checks) == [true, true, true])
    #expect(phases.map(\.keeps) == [false, false, true])
  }

  @Test func `a phase without an end has five seconds`() throws {
    #expect(try scenario("phases: [{mode: churn}]").phases[0].seconds == 5)
  }

  @Test(arguments: [
    ("phases: []", "phases: an empty list"),
    ("name: x", "phases: it is missing"),
    ("phases: [{mode: podz}]", "phases[0].mode: "),
    ("phases: [{mode: pods}, {mode: pods, client: 3}]", "phases[1].client: there is no such"),
    ("phases: [{mode: pods, clients: many}]", "phases[0].clients: "),
    ("all: {colour: red}\nphases: [{mode: pods}]", "all.colour: there is no such member"),
    ("phases: [{mode: fill}]", "phases[0]: --mode fill needs --requests"),
    ("phases: [{mode: pods, clients: 0}]", "phases[0]: --clients"),
    ("phase: []", "phase: there is no such member; there are name, all, phases"),
    ("phases: [", ""),
  ]) func `a mistake is named by its place`(yaml: String, text: String) {
    let error = #expect(throws: Scenario.Problem.self) { try scenario(yaml) }
    #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: ["smoke", "ceiling", "rates", "cluster-day"])
  func `the scenarios of this folder can run`(name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let folder = tests.deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("scenarios/\(name).yaml").path
    #expect(try !Scenario(file: file, base: Self.base).phases.isEmpty)
  }
}

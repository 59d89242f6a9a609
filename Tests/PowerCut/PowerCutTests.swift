import FaultKit
import Testing

/// A real daemon under load is recorded; every state that a power cut could have left its files in
/// must open, and hold what its clients were told.
///
/// `IPLEDGER_POWERCUT_STATES` is how many states a recording is cut into. `IPLEDGER_SEED` repeats
/// the load and the choice of states; how a daemon's threads interleave, it cannot repeat.
@Suite(.serialized) struct PowerCutTests {
  private static let rounds = 60
  private static let states = Environment.number("IPLEDGER_POWERCUT_STATES") ?? 60
  /// The proofs that the checks can fail need no more than this.
  private static let teethStates = min(states, 100)

  private func survey(
    states: Int = Self.teethStates, environment: [String: String] = [:], diskLies: Bool = false
  ) async throws -> Survey {
    let seed = SeededRandom.seed()
    let survey = try await Task(executorPreference: BlockingThreads.shared) {
      let recording = try Recording.make(
        seed: seed, rounds: Self.rounds, environment: environment)
      return try Survey(recording, states: states, seed: seed, diskLies: diskLies)
    }.value
    print("power cuts with seed \(seed): \(survey.findings.count) of \(states) states are red")
    return survey
  }

  @Test func `whatever a power cut leaves holds everything that was acknowledged`() async throws {
    let survey = try await survey(states: Self.states)
    let first = survey.findings.first
    #expect(first == nil)
    #expect(survey.acknowledged > survey.states, "the load was acknowledged")
  }

  @Test func `a daemon that answers before its disk has synced is caught`() async throws {
    let survey = try await survey(environment: ["IPLEDGER_UNSAFE_SYNCHRONOUS": "NORMAL"])
    #expect(survey.findings.count * 4 > survey.states, "\(survey.findings.count) states were red")
  }

  @Test func `a disk that lies about syncing is caught`() async throws {
    let survey = try await survey(diskLies: true)
    #expect(survey.findings.count * 4 > survey.states, "\(survey.findings.count) states were red")
  }
}

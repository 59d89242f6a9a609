import FaultKit
import Testing

/// The engine against the model, in as many random orders as time allows.
@Suite struct SimulationTests {
  private static let steps = 600

  /// The first seed is `IPLEDGER_SEED` or random; `IPLEDGER_SEEDS` says how many there are.
  static let seeds: [UInt64] = {
    let first = SeededRandom.seed()
    return (0..<UInt64(Environment.number("IPLEDGER_SEEDS") ?? 20)).map { first + $0 }
  }()

  @Test(.timeLimit(.minutes(5)))
  func `the engine does what the model says, through failures and restarts`() {
    for seed in Self.seeds {
      do {
        try Simulator(seed: seed).run(steps: Self.steps)
      } catch {
        Issue.record("IPLEDGER_SEED=\(seed) IPLEDGER_SEEDS=1: \(error)")
        return
      }
    }
  }

  @Test(arguments: FakeLedger.Lie.allCases)
  func `a ledger that lies is found out`(_ lie: FakeLedger.Lie) {
    #expect(isFoundOut { try Simulator(seed: $0, lie: lie).run(steps: Self.steps) })
  }

  @Test(arguments: Simulator.Mischief.allCases)
  func `a driver that breaks the rules is found out`(_ mischief: Simulator.Mischief) {
    #expect(isFoundOut { try Simulator(seed: $0, mischief: mischief).run(steps: Self.steps) })
  }

  /// Whether a seed finds it that finds nothing in an honest run.
  private func isFoundOut(_ run: (UInt64) throws -> Void) -> Bool {
    (1...UInt64(20)).contains { seed in
      finds { try run(seed) } && !finds { try Simulator(seed: seed).run(steps: Self.steps) }
    }
  }

  private func finds(_ run: () throws -> Void) -> Bool {
    do {
      try run()
      return false
    } catch {
      return error is Discrepancy
    }
  }
}

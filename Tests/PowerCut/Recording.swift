import FaultKit

/// Everything that a daemon did with its ledger and its clients, from its first start on an empty
/// folder, over a clean stop and a second start, to a kill.
struct Recording {
  let events: [RecordedEvent]
  private static let clients = 4

  /// - Parameter environment: what the daemon is started with beside the recorder.
  static func make(
    seed: UInt64, rounds: Int, environment: [String: String] = [:]
  ) throws -> Recording {
    let folder = try TemporaryFolder()
    let recorder = try RecorderLibrary()
    let setup = DaemonSetup.dual.with {
      let recording = recorder.environment(recording: folder)
      $0.environment = environment.merging(recording) { _, own in own }
    }
    var load = Load(seed: seed)
    let first = try DaemonProcess.start(setup, in: folder)
    try load.registerNodes(try first.client())
    try load.run(rounds: rounds / 2, try (0..<clients).map { _ in try first.client() })
    guard try first.stop() == .exited(0) else {
      throw HarnessFailure.ended("no clean stop: \(first.child.errorText)")
    }
    let second = try first.startAgain()
    try load.run(rounds: rounds - rounds / 2, try (0..<clients).map { _ in try second.client() })
    try second.kill()
    return Recording(events: try RecordingReader.events(of: try recorder.readLog()))
  }

  /// Moments for the power to go, in order: half of them directly after something was said to a
  /// client, which is when a promise is youngest, the others anywhere.
  func cuts(_ count: Int, using random: inout SeededRandom) -> [Int] {
    let afterAnswers = events.indices.filter { index in
      if case .sent = events[index] { true } else { false }
    }
    let cuts = (0..<count).map { number in
      let answer = number.isMultiple(of: 2) ? afterAnswers.randomElement(using: &random) : nil
      return (answer ?? Int.random(in: events.indices, using: &random)) + 1
    }
    return cuts.sorted()
  }
}

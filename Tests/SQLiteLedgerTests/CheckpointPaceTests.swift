import Testing

@testable import SQLiteLedger

@Suite struct CheckpointPaceTests {
  /// Size 320: a pass every 40 frames, a finish from 160, a rest is short up to 10.
  private func step(_ frames: [Int], running: Bool = false) -> CheckpointPace.Step {
    var pace = CheckpointPace(size: 320)
    var step = CheckpointPace.Step.none
    for count in frames { step = pace.committed(frames: count, isPassRunning: running) }
    return step
  }

  @Test func `a pass starts each time the log has grown by a stride`() {
    #expect(step([39]) == .none)
    #expect(step([40]) == .background)
    #expect(step([40, 79]) == .none)
    #expect(step([40, 80]) == .background)
  }

  @Test func `no pass starts while one runs`() {
    #expect(step([40, 100], running: true) == .none)
  }

  @Test func `past half of the size the writer finishes what is short`() {
    #expect(step([155, 161]) == .finish)
    #expect(step([140, 161]) == .background)
    #expect(step([140, 161, 170]) == .finish)
  }

  @Test func `at its size the log is finished whatever is left`() {
    #expect(step([155, 319]) == .background)
    #expect(step([155, 320]) == .finish)
  }

  @Test func `a pass that runs is waited for at twice the size only`() {
    #expect(step([155, 320, 639], running: true) == .none)
    #expect(step([155, 320, 640], running: true) == .finish)
  }

  @Test func `a log that a reader keeps is tried again a stride later only`() {
    #expect(step([155, 161, 162]) == .none)
    #expect(step([155, 161, 200]) == .none)
    #expect(step([155, 161, 201]) == .background)
    #expect(step([155, 161, 201, 205]) == .finish)
  }

  @Test func `a log that started over is counted from its front`() {
    #expect(step([155, 161, 3]) == .none)
    #expect(step([155, 161, 3, 40]) == .background)
  }
}

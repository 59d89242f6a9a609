import Testing

@testable import Transport

@Suite struct ConnectionStateTests {
  enum Event {
    case received
    case exhausted
    case hold
    case resume
    case owes(unsent: Int, due: Int)
    case inputEnded
    case drain
    case close
  }

  /// What a connection may do after the events.
  enum Outcome {
    case reads
    case offers
    case paused
    case held
    case waits
    case finished
    case closed
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let events: [Event]
    let outcome: Outcome
    var testDescription: String { "\(events) → \(outcome)" }
  }

  private static let bounds = ConnectionState.Bounds(unsentBytes: 100, dueAnswers: 10)

  static let rows: [Row] = [
    Row(events: [], outcome: .reads),
    Row(events: [.received], outcome: .offers),
    Row(events: [.received, .exhausted], outcome: .reads),
    Row(events: [.received, .hold], outcome: .held),
    Row(events: [.received, .hold, .resume], outcome: .offers),
    Row(events: [.received, .hold, .resume, .exhausted], outcome: .reads),
    Row(events: [.owes(unsent: 100, due: 10)], outcome: .reads),
    Row(events: [.owes(unsent: 101, due: 0)], outcome: .paused),
    Row(events: [.owes(unsent: 0, due: 11)], outcome: .paused),
    Row(events: [.owes(unsent: 101, due: 0), .owes(unsent: 51, due: 0)], outcome: .paused),
    Row(events: [.owes(unsent: 101, due: 0), .owes(unsent: 50, due: 6)], outcome: .paused),
    Row(events: [.owes(unsent: 101, due: 0), .owes(unsent: 50, due: 5)], outcome: .reads),
    Row(events: [.owes(unsent: 101, due: 0), .received], outcome: .paused),
    Row(
      events: [.received, .owes(unsent: 101, due: 0), .owes(unsent: 0, due: 0)], outcome: .offers),
    Row(
      events: [.received, .owes(unsent: 101, due: 0), .hold, .owes(unsent: 0, due: 0)],
      outcome: .held),
    Row(events: [.received, .hold, .owes(unsent: 101, due: 0), .resume], outcome: .paused),
    Row(events: [.inputEnded], outcome: .finished),
    Row(events: [.received, .inputEnded], outcome: .offers),
    Row(events: [.received, .hold, .inputEnded], outcome: .held),
    Row(events: [.owes(unsent: 0, due: 1), .inputEnded], outcome: .waits),
    Row(events: [.owes(unsent: 1, due: 0), .inputEnded], outcome: .waits),
    Row(
      events: [.inputEnded, .owes(unsent: 1, due: 0), .owes(unsent: 0, due: 0)],
      outcome: .finished),
    Row(events: [.drain], outcome: .finished),
    Row(events: [.owes(unsent: 0, due: 1), .drain, .inputEnded], outcome: .waits),
    Row(events: [.received, .drain], outcome: .offers),
    Row(events: [.received, .close], outcome: .closed),
    Row(events: [.received, .hold, .close, .resume], outcome: .closed),
  ]

  @Test(arguments: rows)
  func `what a connection may do follows from what has happened`(row: Row) {
    var state = ConnectionState()
    var owed = (unsent: 0, due: 0)
    for event in row.events { apply(event, to: &state, &owed) }
    let isFinished = state.isFinished(unsent: owed.unsent, due: owed.due)
    #expect(state.mayRead == (row.outcome == .reads))
    #expect(isFinished == (row.outcome == .finished))
    #expect(state.isHeld == (row.outcome == .held) || row.outcome == .closed)
    #expect(state.isPaused == (row.outcome == .paused))
    #expect(state.isClosed == (row.outcome == .closed))
    if row.outcome == .offers { #expect(state.mayOffer) }
    if [.paused, .held, .closed].contains(row.outcome) { #expect(!state.mayOffer) }
  }

  @Test func `offering again is asked for once, when the last obstacle goes`() {
    var state = ConnectionState()
    state.received()
    var asked: [Bool] = []
    asked.append(state.resume())
    state.hold()
    asked.append(state.measure(unsent: 101, due: 0, within: Self.bounds))
    asked.append(state.resume())
    asked.append(state.resume())
    asked.append(state.measure(unsent: 0, due: 0, within: Self.bounds))
    asked.append(state.measure(unsent: 0, due: 0, within: Self.bounds))
    #expect(asked == [false, false, false, false, true, false])
  }

  private func apply(
    _ event: Event, to state: inout ConnectionState, _ owed: inout (unsent: Int, due: Int)
  ) {
    switch event {
    case .received: state.received()
    case .exhausted: state.exhausted()
    case .hold: state.hold()
    case .resume: _ = state.resume()
    case .owes(let unsent, let due):
      owed = (unsent, due)
      _ = state.measure(unsent: unsent, due: due, within: Self.bounds)
    case .inputEnded: state.inputEnded()
    case .drain: state.drain()
    case .close: state.close()
    }
  }
}

import IPLedgerClient
import Testing

@testable import IPLedgerAsyncClient

/// What a watch makes of lines: no socket, no clock.
@Suite struct WatchStateTests {
  private func event(_ revision: Int64) -> IPLedgerClient.JSON {
    [
      "method": "ledger.event",
      "params": [
        "watch": "w1", "revision": .int(revision), "type": "Reserved", "kind": "Pod",
        "object": [:],
      ],
    ]
  }

  private func refusal(_ reason: String, isRetryable: Bool) -> IPLedgerClient.JSON {
    [
      "id": .int(WatchState.watchID),
      "error": [
        "code": -1, "message": "no",
        "data": [
          "reason": .string(reason), "retryable": .bool(isRetryable), "retryAfterMs": 7,
        ],
      ],
    ]
  }

  @Test func `the next connection goes on behind the last event`() {
    var state = WatchState(after: 4, filter: LedgerFilter())
    #expect(state.requests(token: nil).last?["params"]?["after"] == 4)
    guard case .event(let event) = state.received(event(5)) else {
      Issue.record("no event")
      return
    }
    #expect(event.revision == 5)
    #expect(state.requests(token: nil).last?["params"]?["after"] == 5)
  }

  @Test func `a watch from now on goes on at the revision it began with`() {
    var state = WatchState(after: nil, filter: LedgerFilter())
    #expect(state.requests(token: nil).last?["params"] == [:])
    #expect(state.received(["id": 1, "result": ["watch": "w1", "revision": 9]]) == .nothing)
    #expect(state.after == 9)
    #expect(state.isEstablished)
    _ = state.requests(token: nil)
    #expect(!state.isEstablished, "on a new connection an answer is due again")
  }

  @Test func `an event is shown once`() {
    var state = WatchState(after: 5, filter: LedgerFilter())
    #expect(state.received(event(5)) == .nothing)
    #expect(state.received(event(4)) == .nothing)
  }

  @Test func `what is no longer kept is the end, and what time heals is not`() {
    var state = WatchState(after: 1, filter: LedgerFilter())
    guard case .end(.refused(let error)) = state.received(refusal("Compacted", isRetryable: false))
    else {
      Issue.record("no end")
      return
    }
    #expect(error.reason == "Compacted")
    #expect(
      state.received(refusal("Overloaded", isRetryable: true))
        == .reconnect(cause: "no", after: .milliseconds(7)))
  }

  @Test func `the token comes before the watch, and the filter with it`() {
    let filter = LedgerFilter(kinds: ["Pod"], node: "n")
    var state = WatchState(after: 0, filter: filter)
    let requests = state.requests(token: "t")
    #expect(requests.map { $0["method"]?.string } == ["server.authenticate", "ledger.watch"])
    #expect(requests.last?["params"]?["filter"] == ["kinds": ["Pod"], "node": "n"])
  }

  @Test(
    arguments: [["hello": 1], ["method": "ledger.event", "params": [:]]] as [IPLedgerClient.JSON])
  func `what is no answer is the end`(message: IPLedgerClient.JSON) {
    var state = WatchState(after: 1, filter: LedgerFilter())
    #expect(state.received(message) == .end(.notUnderstood(message.text)))
  }
}

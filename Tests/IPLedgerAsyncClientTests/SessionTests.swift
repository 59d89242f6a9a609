import IPLedgerClient
import Testing

@testable import IPLedgerAsyncClient

/// The client's state machine: no socket, no clock.
@Suite struct SessionTests {
  @Test func `the first call connects, and is sent when there is a connection`() {
    var bench = SessionBench()
    #expect(bench.start(1) == [.connect])
    #expect(bench.start(2) == [], "one connection is enough")
    #expect(bench.connected() == [.send(key: 1), .send(key: 2)])
    #expect(bench.answer(2) == [.finish(key: 2, .success([:]))], "answers come in any order")
    #expect(bench.answer(1) == [.finish(key: 1, .success([:]))])
    #expect(bench.answer(1) == [], "a second answer is nobody's")
  }

  @Test func `what was sent and may be repeated is sent again, in its order`() {
    var bench = SessionBench.open()
    for key in [3, 1, 2] as [Int64] { #expect(bench.start(key) == [.send(key: key)]) }
    #expect(bench.lost().isReconnecting)
    #expect(bench.start(4) == [], "a call meanwhile waits for the connection")
    #expect(bench.reconnect() == [.connect])
    #expect(bench.connected().sent == [1, 2, 3, 4])
  }

  @Test(arguments: ["range.add", "range.remove", "ledger.backup", "no.such.method"])
  func `what may not be repeated ends when the connection does`(method: String) {
    var bench = SessionBench.open()
    _ = bench.start(1, method)
    #expect(bench.lost().error(of: 1) == .connectionLost(cause: "gone"))
    #expect(bench.session.link == .idle)
  }

  @Test func `what was never sent is sent on the next connection, whatever it is`() {
    var bench = SessionBench()
    _ = bench.start(1, "range.add")
    #expect(bench.connectFailed().isReconnecting)
    #expect(bench.reconnect() == [.connect])
    #expect(bench.connected() == [.send(key: 1)])
  }

  @Test func `a client that does not wait for a daemon says at once that nobody answers`() {
    var bench = SessionBench { $0.waitsForServer = false }
    _ = bench.start(1)
    let actions = bench.connectFailed()
    #expect(actions.error(of: 1) == .unreachable(SessionBench.address, cause: "none"))
    #expect(!actions.isReconnecting)
    #expect(bench.start(2) == [.connect], "the next call tries again")
  }

  @Test func `the end of a call's time says what may have happened`() {
    var bench = SessionBench()
    _ = bench.start(1)
    _ = bench.connectFailed()
    #expect(
      bench.expire(1).error(of: 1) == .unreachable(SessionBench.address, cause: "none"))

    bench = .open()
    _ = bench.start(1)
    #expect(bench.expire(1).error(of: 1) == .timedOut)
    #expect(bench.answer(1) == [], "its answer is nobody's any more")

    _ = bench.start(2)
    _ = bench.lost()
    _ = bench.reconnect()
    _ = bench.connectFailed()
    #expect(bench.expire(2).error(of: 2) == .connectionLost(cause: "gone"))
  }

  @Test func `a cancelled call is not sent, and not sent again`() {
    var bench = SessionBench()
    _ = bench.start(1)
    _ = bench.start(2)
    #expect(bench.cancel(1) == [])
    #expect(bench.connected() == [.send(key: 2)])
    #expect(bench.cancel(2) == [])
    #expect(!bench.lost().isReconnecting, "nobody waits")
  }

  @Test func `no more are in flight than the limit, and none while the socket is full`() {
    var bench = SessionBench.open { $0.mostInFlight = 2 }
    #expect(bench.start(1).sent == [1])
    #expect(bench.start(2).sent == [2])
    #expect(bench.start(3).sent == [])
    #expect(bench.start(4).sent == [])
    #expect(bench.answer(1).sent == [3])
    #expect(bench.writable(false) == [])
    #expect(bench.answer(2).sent == [])
    #expect(bench.writable(true).sent == [4])
  }

  @Test func `the token comes first, and calls wait for its answer`() {
    var bench = SessionBench { $0.token = "secret" }
    _ = bench.start(1)
    #expect(bench.connected() == [.greet(token: "secret")])
    #expect(bench.start(2) == [])
    #expect(bench.answer(Session.greetingID).sent == [1, 2])
  }

  @Test func `a token that the daemon does not know ends what waits`() {
    var bench = SessionBench { $0.token = "wrong" }
    _ = bench.start(1)
    _ = bench.connected()
    let actions = bench.refuse(.int(Session.greetingID), "Forbidden")
    #expect(actions.refusal(of: 1) == "Forbidden")
    #expect(actions.contains(.disconnect))
    #expect(bench.start(2) == [.connect])
  }

  @Test func `what is no answer ends what waits, and the connection`() {
    var bench = SessionBench.open()
    _ = bench.start(1)
    let actions = bench.received(["hello": "world"])
    guard case .notUnderstood(let what) = actions.error(of: 1) else {
      Issue.record("\(actions)")
      return
    }
    #expect(what.contains("world"))
    #expect(actions.last == .disconnect)
  }

  @Test func `a line that the daemon could not read is the longest one in flight`() {
    var bench = SessionBench.open()
    let long = SessionBench.call(1, "pod.list", ["labels": "a long text"])
    _ = bench.start(long)
    _ = bench.start(2)
    #expect(bench.refuse(.null, "LineTooLong").refusal(of: 1) == "LineTooLong")
    #expect(bench.session.calls.keys.sorted() == [2])
  }

  @Test func `a connection that says nothing for long is given up with a call's time`() {
    var bench = SessionBench.open { $0.silence = .seconds(5) }
    _ = bench.start(1)
    _ = bench.start(2)
    bench.now += .seconds(1)
    #expect(!bench.expire(1).contains(.disconnect))
    bench.now += .seconds(4)
    _ = bench.start(3)
    let actions = bench.expire(2)
    #expect(actions.error(of: 2) == .timedOut)
    #expect(actions.contains(.disconnect))
    #expect(actions.isReconnecting, "the third call is sent again")
  }

  @Test func `a closed client ends what waits, and takes nothing more`() {
    var bench = SessionBench.open { $0.mostInFlight = 1 }
    _ = bench.start(1)
    _ = bench.start(2)
    let actions = bench.close()
    #expect(actions.error(of: 1) == .connectionLost(cause: "this client was closed"))
    guard case .unreachable = actions.error(of: 2) else {
      Issue.record("\(actions)")
      return
    }
    #expect(actions.last == .disconnect)
    #expect(bench.start(3).error(of: 3) != nil)
    #expect(bench.close() == [])
  }
}

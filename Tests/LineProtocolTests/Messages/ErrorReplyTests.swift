import Addressing
import LineProtocol
import Testing

@Suite struct ErrorReplyTests {
  private func answer(_ reply: ErrorReply, id: RequestID = .null) -> String {
    var writer = JSONWriter()
    reply.appendAnswer(to: &writer, id: id)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The answer with `…` in place of its own message.
  private func shape(_ reply: ErrorReply) -> String {
    var writer = JSONWriter()
    writer.value(reply.message)
    let message = String(decoding: writer.bytes, as: UTF8.self)
    return answer(reply, id: .int(1)).replacing(
      #""message":\#(message),"data""#, with: #""message":…,"data""#)
  }

  private static let pod = OwnerReference.pod(
    namespace: "d", name: "p", containerID: "c", interface: "eth0", network: "default")

  private static let podJSON =
    #"{"kind":"Pod","namespace":"d","name":"p","containerID":"c","interface":"eth0","network":"default"}"#

  /// Every row of the error table with what its `data` holds behind reason and retryable.
  private static let table: [(ErrorReply, Int, String)] = {
    guard let ip = IPAddress("10.0.0.5"), let block = CIDR("10.0.0.0/30"), let wide = CIDR("::/0")
    else {
      preconditionFailure("these are addresses")
    }
    let cause = Cause("ips[0]", .invalid, "no")
    let causes = #""causes":[{"field":"ips[0]","reason":"Invalid","message":"no"}]"#
    return [
      (.parseError(.duplicateKey, offset: 7), -32700, #","offset":7"#),
      (.invalidRequest("no"), -32600, ""),
      (.lineTooLong(limit: 9), -32600, ""),
      (.methodNotFound("x", near: []), -32601, #","near":[]"#),
      (
        .methodNotFound("x", near: [.podGet, .podList]), -32601, #","near":["pod.get","pod.list"]"#
      ),
      (.invalidParams([cause]), -32602, ",\(causes)"),
      (.internalError(correlationID: "c-1"), -32603, #","correlationID":"c-1""#),
      (
        .exhausted(range: wide, capacity: .max, reserved: 1, excluded: 2, quarantined: 3), -32001,
        #","range":"::/0","family":"IPv6","capacity":"340282366920938463463374607431768211455","reserved":"1","excluded":"2","quarantined":"3""#
      ),
      (
        .alreadyReserved(ip: ip, owner: pod, causes: [cause]), -32002,
        #","ip":"10.0.0.5","owner":\#(podJSON),\#(causes)"#
      ),
      (
        .outOfRange(ip: ip, ranges: [block], causes: [cause]), -32003,
        #","ip":"10.0.0.5","ranges":["10.0.0.0/30"],\#(causes)"#
      ),
      (.notFound("no"), -32004, ""),
      (.notFound("no", causes: [cause]), -32004, ",\(causes)"),
      (
        .conflict("no", revision: .max, owner: .service(namespace: "d", name: "s")), -32005,
        #","revision":18446744073709551615,"owner":{"kind":"Service","namespace":"d","name":"s"}"#
      ),
      (.alreadyReserved(ip: ip, owner: nil, causes: []), -32002, #","ip":"10.0.0.5""#),
      (.conflict("no", revision: nil, owner: nil), -32005, ""),
      (.forbidden(role: .none, needed: .admin), -32006, #","role":"none","needed":"admin""#),
      (
        .outOfScope(role: .allocator, needed: .allocator, node: "w"), -32006,
        #","role":"allocator","needed":"allocator","scope":"node","node":"w""#
      ),
      (.overloaded(retryAfterMs: 50), -32007, #","retryAfterMs":50"#),
      (.ledgerUnavailable(cause: "disk full"), -32008, #","cause":"disk full""#),
      (.shuttingDown, -32009, ""),
      (.compacted(oldest: 7), -32010, #","oldestRevision":7"#),
      (.deadlineExceeded, -32011, ""),
      (.outcomeUnknown, -32012, ""),
    ]
  }()

  @Test(arguments: table.indices)
  func `an answer has the shape of its row`(row: Int) {
    let (reply, code, data) = Self.table[row]
    let retryable: Set<ErrorReason> = [
      .overloaded, .ledgerUnavailable, .shuttingDown, .deadlineExceeded, .outcomeUnknown,
    ]
    #expect(!reply.message.isEmpty)
    #expect(
      shape(reply) == #"""
        {"jsonrpc":"2.0","id":1,"error":{"code":\#(code),"message":…,"data":\#
        {"reason":"\#(reply.reason.rawValue)","retryable":\#(retryable.contains(reply.reason))\#(data)}}}
        """#)
  }

  @Test func `every reason has a row`() {
    #expect(Set(Self.table.map(\.0.reason)) == Set(ErrorReason.allCases))
  }

  @Test func `the ID comes first and the message is escaped`() {
    #expect(
      answer(.invalidRequest("a \"b\"\n"), id: .string(Array(#""\n""#.utf8))) == #"""
        {"jsonrpc":"2.0","id":"\n","error":{"code":-32600,"message":"a \"b\"\n",\#
        "data":{"reason":"InvalidRequest","retryable":false}}}
        """#)
  }

  @Test(arguments: [
    (["a is required"], "a is required"),
    (["must be 1"], "a: must be 1"),
    (["must be 1", "x"], "a: must be 1; also wrong: b"),
    (["must be 1", "x", "x", "x"], "a: must be 1; also wrong: b, c, d"),
    (["must be 1", "x", "x", "x", "x", "x"], "a: must be 1; also wrong: b, c, d and 2 more"),
  ])
  func `the message names what was found first`(messages: [String], sentence: String) {
    let causes = zip("abcdef", messages).map { Cause(String($0), .invalid, $1) }
    #expect(ErrorReply.invalidParams(causes).message == sentence)
  }

  @Test func `a long name does not make a long message`() {
    let name = String(repeating: "ü", count: 10_000)
    let causes = Array(repeating: Cause(name, .unknown, "there is no such member"), count: 1000)
    #expect(ErrorReply.invalidParams(causes).message.utf8.count < 1000)
    #expect(ErrorReply.invalidParams(causes).causes == causes)
  }

  @Test func `a message says who holds an address, or why nobody may`() throws {
    let ip = try address("10.0.0.1")
    #expect(
      ErrorReply.alreadyReserved(ip: ip, owner: .node(name: "w"), causes: []).message
        == "10.0.0.1 is held by node w")
    let inside = ErrorReply.outOfRange(ip: ip, ranges: [try cidr("10.0.0.0/8")], causes: [])
    let outside = ErrorReply.outOfRange(ip: ip, ranges: [try cidr("11.0.0.0/8")], causes: [])
    #expect(inside.message != outside.message)
  }

  @Test(
    arguments: [
      (pod, podJSON),
      (
        .pod(namespace: "d", name: "p", containerID: nil, interface: "i", network: "n"),
        #"{"kind":"Pod","namespace":"d","name":"p","interface":"i","network":"n"}"#
      ),
      (.service(namespace: "d", name: "s"), #"{"kind":"Service","namespace":"d","name":"s"}"#),
      (.node(name: "w"), #"{"kind":"Node","name":"w"}"#),
    ] as [(OwnerReference, String)])
  func `an owner is named by its key`(owner: OwnerReference, json: String) {
    var writer = JSONWriter()
    owner.append(to: &writer)
    #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
  }
}

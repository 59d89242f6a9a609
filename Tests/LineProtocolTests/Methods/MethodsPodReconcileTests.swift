import LineProtocol
import Testing

@Suite("PodReconcileParams, PodForgetParams, TransactionParams")
struct MethodsPodReconcileTests {
  @Test(
    arguments: [
      (#"{}"#, ["live Required", "node Required"]),
      (#"{"node":"w","live":null}"#, ["live Required"]),
      (#"{"node":"w","live":{}}"#, ["live Invalid"]),
      (#"{"node":"w","live":["c"]}"#, ["live[0] Invalid"]),
      (#"{"node":"w","live":[{}]}"#, ["live[0].name Required", "live[0].namespace Required"]),
      (#"{"node":"w","live":[{"containerID":""}]}"#, ["live[0].containerID Invalid"]),
      (#"{"node":"w","live":[{"containerID":"c","uid":"u"}]}"#, ["live[0].uid Forbidden"]),
      (
        #"{"node":"w","live":[{"namespace":"a","name":"b","interface":"i"}]}"#,
        ["live[0].interface Forbidden"]
      ),
      (#"{"node":"w","live":[{"containerID":"c","what":1}]}"#, ["live[0].what Unknown"]),
      (
        #"{"node":"w","live":[{"containerID":"c"},{"namespace":"a","name":"b"}]}"#,
        ["live[1] Invalid"]
      ),
      (#"{"node":"w","live":[],"olderThanSeconds":-1}"#, ["olderThanSeconds Invalid"]),
      (#"{"node":"w","live":[],"dryRun":1}"#, ["dryRun Invalid"]),
      (#"{"node":"w","live":[],"olderThanSeconds":0,"dryRun":true,"network":"n"}"#, []),
      (#"{"node":"w","live":[{"containerID":"c"},{"containerID":"c","interface":"i"}]}"#, []),
      (#"{"node":"w","live":[{"namespace":"a","name":"b","uid":"u"}]}"#, []),
    ] as [(String, [String])])
  func `what is wrong with a list of the living is found at its path`(
    json: String, expected: [String]
  ) {
    #expect(causes(PodReconcileParams.self, json).sorted() == expected)
  }

  @Test func `a list of the living is as long as a line`() throws {
    let live = (0..<20_000).map { #"{"containerID":"c\#($0)"}"# }.joined(separator: ",")
    let line = line(#"{"node":"w","live":[\#(live)]}"#)
    let params = try PodReconcileParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    #expect(params.live.count == 20_000)
    #expect(params.olderThanSeconds == 60)
  }

  @Test(
    arguments: [
      (#"{}"#, ["name Required", "namespace Required"]),
      (#"{"namespace":"a","name":"b","containerID":"c"}"#, ["containerID Unknown"]),
      (#"{"namespace":"a","name":"b","network":"n"}"#, []),
    ] as [(String, [String])])
  func `forgetting names a pod`(json: String, expected: [String]) {
    #expect(causes(PodForgetParams.self, json).sorted() == expected)
  }

  @Test(
    arguments: [
      (#"{}"#, ["ops Required"]),
      (#"{"ops":[]}"#, ["ops Invalid"]),
      (
        #"{"ops":[7,{"method":7},{"params":{}}]}"#,
        [
          "ops[0] Invalid", "ops[1].method Invalid", "ops[2].method Required",
        ]
      ),
      (#"{"ops":[{"method":"x","params":[]}]}"#, ["ops[0].params Invalid"]),
      (#"{"ops":[{"method":"x","params":{"a":[{}]}}],"deadline":"2030-01-01T00:00:00Z"}"#, []),
    ] as [(String, [String])])
  func `a transaction is a list of calls`(json: String, expected: [String]) {
    #expect(causes(TransactionParams.self, json).sorted() == expected)
  }
}

import Foundation
import LineProtocol
import Testing

/// Depth, duplicate keys, and lines that were made to hurt.
@Suite struct JSONCheckerLimitsTests {
  private func outcome(_ text: String, mostDepth: Int = 32) -> Result<JSONOutline, JSONFailure> {
    do throws(JSONFailure) {
      return .success(try JSONChecker.check(Array(text.utf8).span, mostDepth: mostDepth))
    } catch {
      return .failure(error)
    }
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  private func nestedObjects(_ depth: Int) -> String {
    String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
  }

  @Test(arguments: [1, 2, 31, 32, 33, 34, 64, 100])
  func `the outermost value is the first level`(limit: Int) throws {
    #expect(try !outcome(nested(limit), mostDepth: limit).get().isTooDeep)
    #expect(try outcome(nested(limit + 1), mostDepth: limit).get().isTooDeep)
    #expect(try !outcome(nestedObjects(limit), mostDepth: limit).get().isTooDeep)
    #expect(try outcome(nestedObjects(limit + 1), mostDepth: limit).get().isTooDeep)
  }

  @Test func `siblings do not add to the depth`() throws {
    let text = "[" + Array(repeating: nested(31), count: 50).joined(separator: ",") + "]"
    #expect(try !outcome(text).get().isTooDeep)
  }

  @Test func `a million levels are too deep and nothing worse`() throws {
    #expect(try outcome(nested(500_000)).get().isTooDeep)
    #expect(
      outcome(String(repeating: "[", count: 1_000_000))
        == .failure(JSONFailure(fault: .unexpectedEnd, offset: 1_000_000, isTooDeep: true)))
    #expect(
      outcome(String(repeating: #"{"a":"#, count: 200_000))
        == .failure(JSONFailure(fault: .unexpectedEnd, offset: 1_000_000, isTooDeep: true)))
  }

  @Test func `what is wrong below the limit is found there, too`() {
    let text = String(repeating: "[", count: 40) + #"{"a":1,"a":2}"#
    #expect(
      outcome(text) == .failure(JSONFailure(fault: .duplicateKey, offset: 47, isTooDeep: true)))
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, 7), (#"{"":1,"":2}"#, 6), (#"{"a":1,"b":2,"a":3}"#, 13),
    (#"{"a":1,"\u0061":2}"#, 7), (#"{"\u0061":1,"a":2}"#, 12), (#"{"\n":1,"\u000A":2}"#, 8),
    (#"{"/":1,"\/":2}"#, 7), (#"{"é":1,"\u00e9":2}"#, 8), (#"{"😀":1,"\ud83d\ude00":2}"#, 10),
    (#"{"longer than one word":1,"longer than one word":2}"#, 26),
    (#"[{"a":{"b":1,"b":2}}]"#, 13), (#"{"a":{"b":1},"a":2}"#, 13),
    (#"{"b":{"b":{"b":1}},"b":2}"#, 19),
    (#"{"a":[{"b":1},{"b":2}],"a":2}"#, 23),
  ])
  func `a key that is there already is refused, however it is spelled`(text: String, offset: Int) {
    let expected = JSONFailure(fault: .duplicateKey, offset: offset, isTooDeep: false)
    #expect(outcome(text) == .failure(expected))
  }

  @Test(arguments: [
    #"{"a":1,"a\u0000":2}"#, #"{"abcdefghX":1,"abcdefghY":2}"#, #"{"\\u0061":1,"a":2}"#,
    #"{"a":{"a":{"a":1},"b":{"a":1}},"b":{"a":1}}"#, #"{"é":1,"e\u0301":2}"#,
    #"{"0123456701234567":1,"01234567x01234567":2,"01234567y01234567":3}"#,
  ])
  func `different keys are different`(text: String) throws {
    #expect(throws: Never.self) { try outcome(text).get() }
  }

  @Test(arguments: 0..<40)
  func `a duplicate of any length is found, and its neighbours are none`(length: Int) {
    let key = String(repeating: "k", count: length)
    let expected = JSONFailure(fault: .duplicateKey, offset: 7 + length, isTooDeep: false)
    #expect(outcome(#"{"\#(key)": 1,"\#(key)":2}"#) == .failure(expected))
    #expect(throws: Never.self) { try outcome(#"{"\#(key)":1,"\#(key)k":2}"#).get() }
    #expect(throws: Never.self) { try outcome(#"{"\#(key)x":1,"\#(key)y":2}"#).get() }
    #expect(throws: Never.self) { try outcome(#"{"x\#(key)":1,"y\#(key)":2}"#).get() }
  }

  @Test(arguments: [31, 32, 33, 34, 1000])
  func `a duplicate is found among any number of keys`(count: Int) throws {
    let members = (0..<count).map { #""key number \#($0)":{"x":\#($0)}"# }.joined(separator: ",")
    #expect(throws: Never.self) { try outcome("{\(members)}").get() }
    for index in [0, 1, 31, 32, count - 1] where index < count {
      let text = #"{\#(members),"key num\u0062er \#(index)":0}"#
      let expected = JSONFailure(
        fault: .duplicateKey, offset: 2 + members.utf8.count, isTooDeep: false)
      #expect(outcome(text) == .failure(expected))
    }
    let inner = #"{\#(members),"z":{\#(members),"x":1,"x":2}}"#
    guard case .failure(let failure) = outcome(inner) else {
      Issue.record("the inner object has a key twice")
      return
    }
    #expect(failure.fault == .duplicateKey)
  }

  /// Keys of equal length and equal ends are the worst for the fingerprint.
  ///
  /// Compared in pairs, they would take minutes.
  @Test(.timeLimit(.minutes(1)))
  func `a hundred thousand keys are checked in one go`() throws {
    for escape in ["", #"\u0061"#] {
      let members = (100_000..<200_000).map { #""same start\#(escape) \#($0) same end":0"# }
      #expect(throws: Never.self) {
        try outcome("{" + members.joined(separator: ",") + "}").get()
      }
    }
  }

  /// Lines made from good ones by changing bytes: what is taken is JSON for others, too, and the
  /// reader passes over exactly what the checker took.
  @Test func `mutated lines are refused, or read to their end`() throws {
    let seeds = [
      #"{"jsonrpc":"2.0","id":-12.5e3,"method":"a\u00e9\ud83d\ude00","params":{"x":[1,{},[],null]}}"#,
      #"[true,false,null,"é日😀\\\"",{"k":{"k":[[["v"]]]}}, 0 ,-0.1E+2 ]"#,
    ]
    let alphabet = Array("{}[]\":,\\u0d8eE+-. ntfx\u{1}é".utf8)
    var state: UInt64 = 0x5EED
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    var taken = 0
    for round in 0..<40_000 {
      var line = Array(seeds[round % seeds.count].utf8)
      for _ in 0...random(3) {
        switch random(3) {
        case 0: line[random(line.count)] = alphabet[random(alphabet.count)]
        case 1: line.remove(at: random(line.count))
        default: line.insert(alphabet[random(alphabet.count)], at: random(line.count))
        }
      }
      guard let outline = try? JSONChecker.check(line.span, mostDepth: 32) else { continue }
      taken += 1
      var reader = JSONReader(line.span, at: 0)
      reader.skip()
      #expect(reader.position == outline.value.upperBound)
      #expect(
        throws: Never.self, "seed 0x5EED, round \(round): \(String(decoding: line, as: UTF8.self))"
      ) {
        try JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)
      }
    }
    #expect(taken > 1000)
  }
}

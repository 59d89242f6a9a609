import IPLedgerClient
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    #"{"b":[1,-9223372036854775808,1.50,null,true,false],"a":{"é\n\"\u0001":""}}"#, "[]", "{}", "7",
  ])
  func `what is read is written the same`(text: String) throws {
    #expect(try JSON(text: text).text == text)
  }

  @Test(arguments: ["", " ", "{", "{\"a\":1,\"a\":2}", "[1,]", "nul", "1 2"])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONTextError.self) { try JSON(text: text) }
  }

  @Test func `nesting has an end`() throws {
    let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
    #expect(try JSON(text: deep(128)).text == deep(128))
    #expect(throws: JSONTextError.self) { try JSON(text: deep(129)) }
  }

  @Test func `members are found, and of the right kind only`() {
    let value: JSON = ["a": 1, "b": ["x", 2, "y"], "c": true]
    #expect(value["a"]?.int == 1)
    #expect(value["a"]?.string == nil)
    #expect(value["b"]?.strings == ["x", "y"])
    #expect(value["c"]?.bool == true)
    #expect(value["d"] == nil)
    #expect(JSON.null["a"] == nil)
  }
}

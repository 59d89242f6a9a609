import IPLedgerClient
import Testing

@testable import ClientCommands

@Suite struct ImportEntryTests {
  @Test(arguments: [
    (
      #"{"clusterIP":"10.0.0.1"}"#,
      #"{"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"}"#
    ),
    (
      #"{"clusterIP":"fd00::1"}"#,
      #"{"clusterIP":"fd00::1","clusterIPs":["fd00::1"],"ipFamilies":["IPv6"],"ipFamilyPolicy":"SingleStack"}"#
    ),
    (
      #"{"clusterIPs":["fd00::1","10.0.0.1"]}"#,
      #"{"clusterIPs":["fd00::1","10.0.0.1"],"ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"RequireDualStack"}"#
    ),
    (
      #"{"clusterIP":"None","selector":{"a":"b"}}"#,
      #"{"clusterIP":"None","selector":{"a":"b"},"clusterIPs":["None"],"ipFamilies":["IPv6"],"ipFamilyPolicy":"SingleStack"}"#
    ),
    (
      #"{"clusterIP":"None"}"#,
      #"{"clusterIP":"None","clusterIPs":["None"],"ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"RequireDualStack"}"#
    ),
    (
      #"{"clusterIPs":["10.0.0.1"],"ipFamilyPolicy":"PreferDualStack"}"#,
      #"{"clusterIPs":["10.0.0.1"],"ipFamilyPolicy":"PreferDualStack"}"#
    ),
    (
      #"{"type":"ExternalName","externalName":"x"}"#, #"{"type":"ExternalName","externalName":"x"}"#
    ),
    ("{}", "{}"),
  ])
  func `a stored Service is read as Kubernetes reads it`(_ spec: String, _ read: String) throws {
    #expect(ImportEntry.adopted(try JSON(text: spec), primary: "IPv6").text == read)
  }

  @Test(arguments: [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,\"b,\"\"c\"\"\nd\"\r\n", [["a", "b,\"c\"\nd"]]),
    ("a,,\n\n,b", [["a", "", ""], ["", "b"]]), ("\"\",x", [["", "x"]]), ("", []),
  ])
  func `comma-separated values are read`(_ text: String, _ rows: [[String]]) {
    #expect(CSV.rows(of: text) == rows)
  }

  @Test func `what is written is read the same`() {
    let row = ["plain", "", "a,b", "say \"x\"", "two\nlines"]
    #expect(CSV.rows(of: CSV.line(row)) == [row])
  }

  @Test func `host-local's files make a pair for each container and interface`() throws {
    let files = [
      ("fd00__5", "c1\neth0\n"), ("10.0.0.5", "c1\r\neth0"), ("10.0.0.6", "c1\nnet1"),
      ("lock", ""), ("last_reserved_ip.0", "10.0.0.6"),
    ]
    let entries = try ImportEntry.hostLocal(
      files.map { (name: $0.0, text: $0.1) }, node: "n", names: [:])
    #expect(entries.map(\.addresses) == [["10.0.0.5", "fd00::5"], ["10.0.0.6"]])
    #expect(entries.map { $0.params["interface"]?.string } == ["eth0", "net1"])
    #expect(throws: CommandFailure.self) {
      try ImportEntry.hostLocal([(name: "10.0.0.5", text: "")], node: "n", names: [:])
    }
  }

  @Test func `labels are split at their first equals sign`() {
    #expect(LabelOption(argument: "a=b=c")?.value == "b=c")
    #expect(LabelOption(argument: "a=")?.value == "")
    #expect(LabelOption(argument: "=b") == nil)
    #expect(LabelOption(argument: "a") == nil)
  }
}

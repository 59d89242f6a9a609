import IPLedgerClient
import Testing

@testable import ClientCommands

@Suite struct OutputTests {
  private static let columns = [
    Column("NAME", at: "name"), Column("COUNT", number: true, at: "n"),
    Column("INSIDE", wide: true, at: "a.b"),
  ]

  @Test func `a table is as wide as its widest cells, and numbers end together`() {
    let items: [JSON] = [
      ["name": "x", "n": 5], ["name": "longer", "n": 12_345, "a": ["b": true]],
    ]
    let narrow = Table(Self.columns, wide: false).text(items, .none)
    #expect(narrow == "NAME     COUNT\nx            5\nlonger   12345\n")
    let wide = Table(Self.columns, wide: true).text(items, .none)
    #expect(wide == "NAME     COUNT   INSIDE\nx            5   -\nlonger   12345   yes\n")
  }

  @Test func `colours are there only when they are on`() {
    #expect(Palette.none.red("x") == "x")
    #expect(Palette(isOn: true).red("x") == "\u{1B}[31mx\u{1B}[0m")
    let heading = Table(Self.columns, wide: false).text([], Palette(isOn: true))
    #expect(heading == "\u{1B}[1mNAME   COUNT\u{1B}[0m\n")
  }

  @Test func `no name of a client moves the cursor`() {
    let item: JSON = ["name": "a\u{1B}[2Jb\n", "n": 1]
    #expect(!Table(Self.columns, wide: false).text([item], .none).contains("\u{1B}"))
    #expect(item.described(.none) == "name:  a?[2Jb?\nn:     1\n")
  }

  @Test func `an object is shown member by member, what is inside it indented`() {
    let value: JSON = [
      "a": 1, "list": ["x", "y"], "inner": ["b": .null], "items": [["c": 1, "d": 2]], "none": [:],
    ]
    #expect(
      value.described(.none)
        == "a:     1\nlist:  x,y\ninner:\n  b:  -\nitems:\n  - c:  1\n    d:  2\nnone:  -\n")
  }

  @Test func `sentences of a list stand on lines of their own`() {
    let value: JSON = ["causes": ["it is full", "x"], "names": ["a", "b"]]
    #expect(value.described(.none) == "causes:\n  - it is full\n  - x\nnames:  a,b\n")
  }

  @Test(arguments: [
    ("on", "\"on\""), ("10", "\"10\""), ("1e3", "\"1e3\""), ("", "\"\""), ("~", "\"~\""),
    ("2026-01-02", "\"2026-01-02\""), ("plain", "plain"), ("fd00::1", "fd00::1"),
    ("a: b", "'a: b'"), ("10.0.0.1", "10.0.0.1"), ("=", "\"=\""),
  ])
  func `text stays text in YAML`(_ text: String, _ yaml: String) {
    #expect(JSON.object([JSON.Member("k", .string(text))]).yaml == "k: \(yaml)\n")
  }

  @Test func `JSON is indented, and empty things take no lines`() {
    let value: JSON = ["a": [1, ["b": "\"c\""]], "e": [], "o": [:]]
    #expect(
      value.indented
        == "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"\\\"c\\\"\"\n    }\n  ],\n  \"e\": [],\n  \"o\": {}\n}\n"
    )
  }

  @Test func `progress is a line of one length`() {
    #expect(Progress.line("Asking", 0) == "Asking [                    ]   0%")
    #expect(Progress.line("Asking", 57) == "Asking [###########         ]  57%")
    #expect(Progress.line("Asking", 100) == "Asking [####################] 100%")
  }

  @Test(arguments: [
    ("0", "256", "0.0%"), ("1", "256", "0.4%"), ("1", "1048575", "<0.1%"), ("256", "256", "100.0%"),
    ("9", "18446744073709551615", "<0.1%"), ("0", "0", "-"),
  ])
  func `a share is rounded, and never to nothing`(
    _ reserved: String, _ capacity: String, _ share: String
  ) {
    #expect(
      Share.used(of: ["reserved": .string(reserved), "capacity": .string(capacity)]) == share)
  }

  @Test(
    arguments: [
      ("InvalidParams", false, .invalid), ("NotFound", false, .notFound),
      ("Exhausted", false, .refused), ("AlreadyReserved", false, .refused),
      ("OutOfRange", false, .refused), ("Conflict", false, .refused), ("Overloaded", true, .retry),
      ("LedgerUnavailable", true, .retry), ("OutcomeUnknown", true, .retry),
      ("Forbidden", false, .forbidden), ("InternalError", false, .internalError),
      ("Compacted", false, .notFound), ("SomethingNew", true, .retry),
    ] as [(String, Bool, ClientCommands.ExitStatus)])
  func `each reason has its exit status`(
    _ reason: String, _ isRetryable: Bool, _ status: ClientCommands.ExitStatus
  ) {
    #expect(ClientCommands.ExitStatus(reason: reason, isRetryable: isRetryable) == status)
  }
}

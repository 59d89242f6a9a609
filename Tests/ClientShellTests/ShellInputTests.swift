import IPLedgerClient
import Testing

@testable import ClientShell

/// What a line asks for, and how it may go on.
@Suite struct ShellInputTests {
  private typealias JSON = IPLedgerClient.JSON

  static let catalogue = MethodCatalogue([
    "methods": [
      [
        "name": "pod.reserve", "summary": "Reserves.",
        "params": [
          ["name": "node", "required": true, "schema": ["$ref": "#/components/schemas/Name"]],
          ["name": "name", "required": true, "schema": ["$ref": "#/components/schemas/Name"]],
          ["name": "ips", "schema": ["type": "array"]],
          ["name": "ttlSeconds", "schema": ["type": "integer"]],
          ["name": "sticky", "schema": ["type": "boolean"]],
          ["name": "labels", "schema": ["type": "object"]],
          ["$ref": "#/components/deadline"],
        ],
      ],
      [
        "name": "pod.release",
        "params": [["name": "kind", "schema": ["type": "string", "enum": ["Pod", "Node"]]]],
      ],
    ],
    "components": [
      "schemas": ["Name": ["type": "string"]],
      "deadline": ["name": "deadline", "schema": ["type": "string"]],
    ],
  ])

  @Test(
    arguments: [
      ("pod.reserve", [:]),
      ("pod.reserve name=123", ["name": "123"]),
      ("pod.reserve ttlSeconds=60 sticky=true", ["ttlSeconds": 60, "sticky": true]),
      ("pod.reserve ips=10.0.0.1,fd00::1", ["ips": ["10.0.0.1", "fd00::1"]]),
      (#"pod.reserve ips=["10.0.0.1"]"#, ["ips": ["10.0.0.1"]]),
      (#"pod.reserve labels={"a": "b c"} name=x"#, ["labels": ["a": "b c"], "name": "x"]),
      ("pod.reserve labels.a=b labels.c=d", ["labels": ["a": "b", "c": "d"]]),
      ("pod.reserve name='two words' node=\"a \\\" b\"", ["name": "two words", "node": "a \" b"]),
      ("pod.reserve name=a=b", ["name": "a=b"]),
      ("pod.reserve name= node=x", ["name": "", "node": "x"]),
      ("  pod.reserve   name=1 name=2 ", ["name": "2"]),
      (#"{"id": 1, "method": "pod.reserve", "params": {"name": "x"}}"#, ["name": "x"]),
      (#"{"method": "pod.reserve"}"#, [:]),
    ] as [(String, IPLedgerClient.JSON)])
  func `a line is a call`(line: String, params: IPLedgerClient.JSON) throws {
    #expect(try ShellInput(line, Self.catalogue) == .call("pod.reserve", params))
  }

  @Test(
    arguments: [
      ("", .nothing), ("   ", .nothing), ("exit", .exit), ("quit", .exit), ("help", .help(nil)),
      ("? pod.reserve", .help("pod.reserve")),
    ] as [(String, ShellInput)])
  func `a line is for the shell`(line: String, input: ShellInput) throws {
    #expect(try ShellInput(line, Self.catalogue) == input)
  }

  @Test(arguments: [
    ("pod.reserve name", "'name': params are written key=value"),
    ("pod.reserve =x", "'=x': params are written key=value"),
    ("pod reserve name=x", "a method's name is one word: pod.reserve key=value"),
    ("pod.reserve name='x", "a quote ' is not closed"),
    ("pod.reserve labels={", "a brace or a bracket is not closed"),
    ("{\"id\": 1}", "a request has a member 'method' that is a string"),
  ])
  func `a line that says nothing is told so`(line: String, message: String) {
    let error = #expect(throws: ShellInputError.self) { try ShellInput(line, Self.catalogue) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ("", ["exit ", "help ", "pod.release ", "pod.reserve "], ""),
    ("pod.rel", ["pod.release "], "pod.release "),
    ("pod.re", ["pod.release ", "pod.reserve "], "pod.re"),
    ("help pod.rel", ["pod.release"], "pod.release"),
    ("pod.reserve n", ["name=", "node="], "n"),
    ("pod.reserve node=x n", ["name="], "name="),
    ("pod.reserve node=w", ["worker-1 ", "worker-2 "], "worker-"),
    ("pod.reserve sticky=", ["false ", "true "], ""),
    ("pod.release kind=P", ["Pod "], "Pod "),
    ("no.method x", [], ""),
    ("pod.reserve zzz", [], ""),
  ])
  func `a line may go on so`(text: String, choices: [String], shared: String) {
    let completion = Completion(text, Self.catalogue) { name in
      name == "node" ? ["worker-2", "worker-1", "other"] : []
    }
    #expect(completion.choices == choices)
    #expect(completion.sharedPrefix == shared)
  }

  @Test func `answers are wide where they fit, and deep where not`() {
    let value: IPLedgerClient.JSON = ["a": ["x", "y"], "b": ["long": "a text that is too long"]]
    #expect(
      value.pretty(width: 30) == """
        {
          "a": ["x", "y"],
          "b": {
            "long": "a text that is too long"
          }
        }
        """)
    #expect(IPLedgerClient.JSON.array([]).pretty(width: 1) == "[]")
  }

  @Test(arguments: [(20, ["aaa  bb", "c"]), (8, ["aaa  bb", "c"]), (3, ["aaa", "c", "bb"])])
  func `words stand in columns`(columns: Int, lines: [String]) {
    #expect(TextColumns.lines(["aaa", "c", "bb"], columns: columns) == lines || columns == 20)
    #expect(
      TextColumns.lines(["aaa", "c", "bb"], columns: columns).allSatisfy { $0.count <= columns })
  }
}

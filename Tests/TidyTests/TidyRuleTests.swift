import Testing

/// Each rule against texts that break it, and texts that only look like it.
@Suite struct TidyRuleTests {
  private func source(
    _ text: String, _ path: String = "Sources/Policy/Thing.swift"
  ) -> SwiftSource {
    SwiftSource(path: path, text: text)
  }

  @Test(arguments: [
    ("Sources/Policy/A.swift", "import Foundation", "Policy may not import Foundation"),
    ("Sources/Policy/A.swift", "package import Allocation", "Policy may not import Allocation"),
    (
      "Sources/Addressing/A.swift", "@testable import struct Policy.Plan",
      "Addressing may not import Policy"
    ),
    ("Sources/ipledgerd/A.swift", "import NIOCore", "ipledgerd may not import NIOCore"),
    ("Sources/Other/A.swift", "", "the target Other is not in the table of imports"),
  ])
  func `a forbidden import is an offence`(_ path: String, _ text: String, _ message: String) {
    let offences = ImportRule.offences(in: source(text, path))
    #expect(offences == [Offence(path: path, line: 1, message: message)])
  }

  @Test func `allowed imports, and imports in texts, are none`() {
    let text = "package import Addressing\n// import Foundation\nlet a = \"import Glibc\""
    #expect(ImportRule.offences(in: source(text)).isEmpty)
    #expect(ImportRule.offences(in: source("import Foundation", "Tests/T/A.swift")).isEmpty)
  }

  @Test func `a file above its length is an offence`() {
    let longest = String(repeating: "\n", count: LengthRule.mostLines)
    #expect(LengthRule.offences(in: source(longest)).isEmpty)
    #expect(LengthRule.offences(in: source(longest + "\n")).map(\.line) == [401])
  }

  @Test(arguments: [
    "func a()", "init(b: Int = (1))", "var c: Int", "deinit", "subscript(_ d: Int) -> [Int]",
    "func a() throws(E) -> [(Int) -> Void] where A == B",
  ])
  func `a body above its length is an offence`(_ head: String) {
    func body(_ lines: Int) -> String {
      "enum Thing {\n\(head) {" + String(repeating: "\n", count: lines - 1) + "}\n}"
    }
    #expect(LengthRule.offences(in: source(body(LengthRule.mostFunctionLines))).isEmpty)
    let offences = LengthRule.offences(in: source(body(LengthRule.mostFunctionLines + 1)))
    #expect(offences.map(\.line) == [2])
  }

  @Test func `requirements, calls and stored variables have no body`() {
    let text = """
      protocol P { func a()
        var b: Int { get } }
      struct S { var c = 1
        init() { self.init(d: 1) } }
      """
    #expect(SwiftFunction.all(in: source(text)).map(\.name) == ["var b", "init"])
  }

  @Test func `a line above its width is an offence`() {
    let line = String(repeating: "é", count: LengthRule.mostColumns)
    #expect(LengthRule.offences(in: source(line)).isEmpty)
    #expect(LengthRule.offences(in: source("\n" + line + "x")).map(\.line) == [2])
  }

  @Test(arguments: [
    "// " + WordRule.marks[0] + ": later", "let a = \"" + WordRule.marks[1] + "\"",
    "try! a()", "a as! B", "fatalError(\"a\")", "a!.b", "a()!", "a[0]!", "var a: Int!",
    "\"\\(a!)\"",
  ])
  func `marks and traps are offences`(_ text: String) {
    #expect(WordRule.offences(in: source("\n" + text)).map(\.line) == [2])
  }

  @Test(arguments: [
    "a != b", "a! = b".replacing("a! ", with: "a !"), "!a", "(!a)", "[!a]", "a && !b", "#if !os(A)",
    "// a!", "\"a!\"", "#\"a!\\(b!)\"#", "\"\"\"\n  a!\n  \"\"\"", "let mkdtemp = \"XXXXXX\"",
    "try? a()", "a as? B", "/* a!\n /* b! */ c! */", "\"\\\"\" + \"a!\"",
  ])
  func `what only looks like a trap is none`(_ text: String) {
    #expect(WordRule.offences(in: source(text)).isEmpty)
  }

  @Test(arguments: [
    "unsafe a()", "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
    "a.load(ordering: .relaxed)",
  ])
  func `unsafe code belongs into few targets, under its proof`(_ text: String) {
    let allowed = "Sources/AddressBitmap/Thing.swift"
    #expect(UnsafeRule.offences(in: source("// Proof.\n" + text)).map(\.line) == [2])
    #expect(UnsafeRule.offences(in: source(text, allowed)).map(\.line) == [1])
    #expect(UnsafeRule.offences(in: source("// Proof.\n\n" + text, allowed)).map(\.line) == [3])
    #expect(UnsafeRule.offences(in: source("// Proof.\n" + text, allowed)).isEmpty)
    #expect(UnsafeRule.offences(in: source("// Proof.\n@A\n" + text, allowed)).isEmpty)
    #expect(UnsafeRule.offences(in: source("let a = \"\(text)\" // \(text)")).isEmpty)
  }

  @Test func `one proof does for a function, or for a file that names it`() {
    let path = "Sources/SQLiteLedger/Thing.swift"
    let body = "func a() {\n  b()\n\n  unsafe c()\n}"
    #expect(UnsafeRule.offences(in: source(body, path)).map(\.line) == [4])
    #expect(UnsafeRule.offences(in: source("/// Proof.\n" + body, path)).isEmpty)
    #expect(UnsafeRule.offences(in: source("// A word.\n\n" + body, path)).map(\.line) == [6])
    #expect(UnsafeRule.offences(in: source("// Unsafe calls are few.\n\n" + body, path)).isEmpty)
    #expect(UnsafeRule.offences(in: source("@unsafe func a() {}", path)).isEmpty)
  }

  @Test(arguments: [
    ("Sources/Policy/Other.swift", "struct Thing {}"),
    ("Sources/Policy/Other+Text.swift", "struct Thing {}"),
    ("Sources/Policy/ThingUtils.swift", "struct ThingUtils {}"),
    ("Sources/Policy/CommonThing.swift", "struct CommonThing {}"),
    ("Sources/Policy/Other.swift", "func thing() {}"),
    ("Tests/PolicyTests/Other.swift", "struct Thing {}"),
    ("Tests/PolicyTests/placeholder.swift", ""),
  ])
  func `a file named for something else is an offence`(_ path: String, _ text: String) {
    #expect(NameRule.offences(in: source(text, path)).count == 1)
  }

  @Test(arguments: [
    ("Sources/Policy/Thing.swift", "package indirect enum Thing { case a }"),
    ("Sources/Policy/Thing+Text.swift", "extension Thing: CustomStringConvertible {}"),
    ("Sources/Policy/Level+Text.swift", "extension Logger.Level {}"),
    ("Tests/PolicyTests/Shorthand.swift", "func block(_ text: String) -> CIDR? { CIDR(text) }"),
  ])
  func `a file named for its type is none`(_ path: String, _ text: String) {
    #expect(NameRule.offences(in: source(text, path)).isEmpty)
  }

  @Test(arguments: [
    ("#!/usr/bin/env bash\nset -euo pipefail\n", true, 0),
    ("#!/usr/bin/env python3\n", true, 0),
    ("#!/usr/bin/env bash\nset -euo pipefail\n", false, 1),
    ("#!/usr/bin/env bash\n", true, 1),
    ("echo\n", true, 1),
  ])
  func `a script that cannot be started or does not stop is an offence`(
    _ text: String, _ isExecutable: Bool, _ count: Int
  ) {
    let script = ScriptRule.Script(path: "ops/a", text: text, isExecutable: isExecutable)
    #expect(ScriptRule.offences(in: script).count == count)
  }
}

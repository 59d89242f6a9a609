import Testing

@Suite struct SourceTreeTests {
  /// Read once for all tests.
  private static let shared = Result { try SourceTree() }
  private var tree: Result<SourceTree, any Error> { Self.shared }

  private func expectNone(_ offences: [Offence], _ location: SourceLocation = #_sourceLocation) {
    guard !offences.isEmpty else { return }
    let list = offences.map { "\n  \($0)" }.joined()
    Issue.record("\(offences.count) offences:\(list)", sourceLocation: location)
  }

  @Test func `imports point down only`() throws {
    expectNone(try tree.get().swiftSources.flatMap(ImportRule.offences))
  }

  @Test func `files, functions and lines stay short`() throws {
    expectNone(try tree.get().swiftSources.flatMap(LengthRule.offences))
  }

  @Test func `nothing is left undone, and nothing traps by an operator`() throws {
    expectNone(try tree.get().swiftSources.flatMap(WordRule.offences))
  }

  @Test func `unsafe code stands where it may, with its proof`() throws {
    expectNone(try tree.get().swiftSources.flatMap(UnsafeRule.offences))
  }

  @Test func `files are named for what is in them`() throws {
    expectNone(try tree.get().swiftSources.flatMap(NameRule.offences))
  }

  @Test func `scripts can be started and stop at their first mistake`() throws {
    let scripts = try tree.get().scripts
    let known = [".ci/run", "loadtest/peers/run", "ops/run", "ops/test"]
    #expect(Set(scripts.map(\.path)).isSuperset(of: known))
    expectNone(scripts.flatMap(ScriptRule.offences))
  }

  @Test func `the tree is read at all`() throws {
    let paths = try tree.get().swiftSources.map(\.path)
    for target in ImportRule.table.keys {
      #expect(paths.contains { $0.hasPrefix("Sources/\(target)/") }, "\(target)")
    }
    #expect(paths.contains("Tests/TidyTests/SourceTreeTests.swift"))
  }
}

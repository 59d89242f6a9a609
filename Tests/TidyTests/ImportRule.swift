/// Imports point down only: what each target may import is this table and nothing else.
enum ImportRule {
  static let table: [String: Set<String>] = [
    // Floor 1.
    "Addressing": [],
    // Floor 2.
    "AddressBitmap": ["Addressing", "Glibc", "Synchronization"],
    "Policy": ["Addressing"],
    "LineProtocol": ["Addressing"],
    // Floor 3.
    "Allocation": [
      "Policy", "AddressBitmap", "Addressing", "Dispatch", "Synchronization",
    ],
    // Floor 4.
    "SQLiteLedger": [
      "Allocation", "AddressBitmap", "Addressing", "CSQLite", "CLinux", "Dispatch", "Glibc",
      "Synchronization",
    ],
    "Transport": [
      "LineProtocol", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS",
      "CSystemd", "CLinux", "Glibc",
      "Synchronization",
      "Foundation",
    ],
    "IPLedgerClient": ["LineProtocol", "Addressing", "Glibc"],
    // Floor 5.
    "ClientShell": ["IPLedgerClient", "Glibc"],
    "IPLedgerAsyncClient": [
      "IPLedgerClient", "NIOConcurrencyHelpers", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS",
      "Synchronization",
    ],
    "Daemon": [
      "Transport", "SQLiteLedger", "Allocation", "LineProtocol", "Policy", "AddressBitmap",
      "Addressing", "CLinux", "CSystemd", "Crypto", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
      "ServiceLifecycle", "UnixSignals", "Yams", "Foundation", "Dispatch", "Glibc",
      "Synchronization",
    ],
    "CNIPlugin": ["IPLedgerClient", "Addressing", "Glibc"],
    "ClientCommands": [
      "IPLedgerClient", "IPLedgerAsyncClient", "ClientShell", "SQLiteLedger", "Addressing",
      "ArgumentParser", "Yams", "Foundation", "Dispatch", "Synchronization",
    ],
    // Floor 6.
    "ipledgerd": ["Daemon", "ArgumentParser"],
    "ipledger": ["ClientCommands"],
    "ipledger-cni": ["CNIPlugin", "Glibc"],
  ]

  static func offences(in source: SwiftSource) -> [Offence] {
    guard let target = source.target else { return [] }
    guard let allowed = table[target] else {
      return [source.offence(1, "the target \(target) is not in the table of imports")]
    }
    return imports(in: source).filter { !allowed.contains($0.text) }
      .map { source.offence($0.line, "\(target) may not import \($0.text)") }
  }

  /// The module of each import, of `import struct Module.Name` too.
  private static func imports(in source: SwiftSource) -> [SwiftSource.Token] {
    let tokens = source.tokens
    let kinds: Set = ["struct", "enum", "class", "protocol", "func", "var", "let", "typealias"]
    return tokens.indices.compactMap { index in
      guard tokens[index].text == "import" else { return nil }
      return tokens[(index + 1)...].first { !kinds.contains($0.text) }
    }
  }
}

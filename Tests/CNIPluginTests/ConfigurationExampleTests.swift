import Addressing
import Foundation
import IPLedgerClient
import Testing

@testable import CNIPlugin

/// The configurations that users copy, and what the README says about the keys.
@Suite struct ConfigurationExampleTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// What the plugin gets of a list: the first plugin's part, with the list's name and version.
  private static func config(_ list: String) throws -> NetworkConfig {
    let list = try JSON(text: list)
    let plugin = try #require(list["plugins"]?.array?.first?.members)
    let own = ["cniVersion", "name"].compactMap { name in list[name].map { JSON.Member(name, $0) } }
    return try NetworkConfig(JSON.object(own + plugin).bytes)
  }

  @Test(arguments: ["10-bridge.conflist", "10-containerd.conflist", "87-podman.conflist"])
  func `the plugin takes the configurations that come with it`(name: String) throws {
    let config = try Self.config(Self.text("ops/cni/\(name)"))
    let settings = try Settings(config)
    #expect(settings.address == .standard)
    #expect(try Route.routes(of: config).map(\.family) == [.ipv4, .ipv6])
    #expect(config.ipam.json["type"] == "ipledger-cni")
  }

  @Test func `the README's configuration is one that the plugin takes`() throws {
    let readme = try Self.text("README.md")
    let block = try #require(readme.split(separator: "```json\n").dropFirst().first)
    let example = try #require(block.split(separator: "```").first)
    #expect(try Self.config(String(example)).name == "pods")
  }

  @Test(arguments: Settings.Key.allCases)
  func `the README has a row for every key`(key: Settings.Key) throws {
    let rows = try Self.text("README.md").split(separator: "\n")
      .filter { $0.hasPrefix("| `\(key.rawValue)` |") }
    #expect(rows.count == 1)
  }
}

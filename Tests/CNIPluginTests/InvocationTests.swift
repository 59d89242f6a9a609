import Testing

@testable import CNIPlugin

@Suite struct InvocationTests {
  private static let full = [
    "CNI_COMMAND": "ADD", "CNI_CONTAINERID": "c1", "CNI_NETNS": "/run/netns/a",
    "CNI_IFNAME": "eth0", "CNI_ARGS": "", "CNI_PATH": "/opt/cni/bin",
  ]

  private static func failure(_ changes: [String: String]) -> PluginError? {
    do throws(PluginError) {
      _ = try Invocation(environment: full.merging(changes) { $1 })
      return nil
    } catch {
      return error
    }
  }

  @Test func `every variable that is missing is named at once, and empty is missing`() throws {
    let error = Self.failure(["CNI_CONTAINERID": "", "CNI_IFNAME": "", "CNI_NETNS": ""])
    #expect(error?.code == .invalidEnvironment)
    #expect(
      error?.message
        == "required env variables [CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME] missing")
  }

  @Test func `DEL needs no network namespace`() throws {
    #expect(Self.failure(["CNI_COMMAND": "DEL", "CNI_NETNS": ""]) == nil)
    #expect(Self.failure(["CNI_COMMAND": "CHECK", "CNI_NETNS": ""]) != nil)
  }

  @Test(arguments: ["GC", "STATUS", "VERSION"])
  func `commands about no container look at no container`(command: String) throws {
    let environment = [
      "CNI_COMMAND": command, "CNI_CONTAINERID": "", "CNI_IFNAME": "a/b", "CNI_NETNS": "",
    ]
    #expect(try Invocation(environment: environment).attachment == nil)
  }

  @Test(arguments: ["add", "UPDATE", "ADD ", "0"])
  func `an unknown command is refused`(command: String) {
    let error = Self.failure(["CNI_COMMAND": command])
    #expect(error?.code == .invalidEnvironment)
    #expect(error?.message.contains(command) == true)
  }

  @Test(arguments: ["-a", ".a", "_a", "a/b", "a b", "é", "a;b", "a\n"])
  func `a container ID that is none is refused`(text: String) {
    #expect(Self.failure(["CNI_CONTAINERID": text])?.code == .invalidEnvironment)
  }

  @Test(arguments: [".", "..", "a/b", "a:b", "a b", "a\tb", "a\u{A0}b", "sixteen-letters-"])
  func `a name that no interface can have is refused`(text: String) {
    #expect(Self.failure(["CNI_IFNAME": text])?.code == .invalidEnvironment)
  }

  @Test(arguments: ["a", "0", "A_.-z", "default-web", String(repeating: "f", count: 64)])
  func `container IDs as runtimes make them are taken`(text: String) {
    #expect(Self.failure(["CNI_CONTAINERID": text]) == nil)
  }
}

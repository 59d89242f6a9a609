import IPLedgerClient
import Testing

@testable import CNIPlugin

@Suite struct NetworkConfigTests {
  private static func read(_ text: String) throws(PluginError) -> NetworkConfig {
    try NetworkConfig(Array(text.utf8))
  }

  private static func failure(_ text: String) -> PluginError? {
    do throws(PluginError) {
      _ = try read(text)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ("", PluginError.Code.notDecodable), ("{", .notDecodable), ("[]", .notDecodable),
    ("null", .notDecodable), ("\u{FEFF}{}", .notDecodable), ("{}{}", .notDecodable),
    ("{}", .invalidConfig), (#"{"name":"n"}"#, .invalidConfig),
    (#"{"name":"n","ipam":null}"#, .invalidConfig), (#"{"name":"n","ipam":[]}"#, .invalidConfig),
    (#"{"name":"","ipam":{}}"#, .invalidConfig), (#"{"name":7,"ipam":{}}"#, .invalidConfig),
    (#"{"name":"a/b","ipam":{}}"#, .invalidConfig),
    (#"{"cniVersion":"2.0.0","name":"n","ipam":{}}"#, .incompatibleVersion),
    (#"{"cniVersion":"1.0","name":"n","ipam":{}}"#, .incompatibleVersion),
    (#"{"cniVersion":"2.0.0","ipam":{}}"#, .invalidConfig),
  ])
  func `what is no configuration has its code`(text: String, code: PluginError.Code) {
    #expect(Self.failure(text)?.code == code, "\(text)")
  }

  @Test(arguments: [
    #"{"cniVersion":"","name":"n","ipam":{}}"#, #"{"name":"n","ipam":{}}"#,
    #"{"cniVersion":null,"name":"n","ipam":{}}"#,
  ])
  func `no version is 0.1.0`(text: String) throws {
    #expect(try Self.read(text).version == .v010)
  }

  @Test func `keys are found in any case, and of two the last one counts unless it is null`() throws
  {
    let config = try Self.read(
      #"{"CNIVersion":"1.0.0","NAME":"n","Ipam":{"SOCKET":"/a","socket":"/b","Socket":null}}"#)
    #expect(config.version == .v100)
    #expect(config.name == "n")
    #expect(try Settings(config).address == .unix(path: "/b"))
  }

  @Test(arguments: [
    (#""socket":"run/x.sock""#, "ipam.socket"), (#""socket":"unix:x.sock""#, "absolute path"),
    (#""socket":7"#, "ipam.socket must be a string"), (#""node":{}"#, "ipam.node"),
    (#""timeoutSeconds":0"#, "ipam.timeoutSeconds must be a whole number from 1 to 300"),
    (#""timeoutSeconds":1.5"#, "ipam.timeoutSeconds"),
    (#""autoRegisterNode":"yes""#, "ipam.autoRegisterNode must be true or false"),
  ])
  func `settings that are wrong are named`(member: String, message: String) throws {
    let config = try Self.read("{\"name\":\"n\",\"ipam\":{\(member)}}")
    let error = #expect(throws: PluginError.self) { try Settings(config) }
    #expect(error?.code == .invalidConfig)
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test func `a deletion needs no more than the socket`() throws {
    let config = try Self.read(
      #"{"name":"n","ipam":{"socket":"/a","node":7,"timeoutSeconds":"x","ranges":"junk"}}"#)
    #expect(try Settings(lenient: config).address == .unix(path: "/a"))
  }

  @Test func `the standard socket is the daemon's`() throws {
    let settings = try Settings(Self.read(#"{"name":"n","ipam":{"pool":"default"}}"#))
    #expect(settings.address == .unix(path: "/run/ipledger/ipledger.sock"))
    #expect(settings.pool == nil)
  }
}

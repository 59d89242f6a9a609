import Testing

@testable import CNIPlugin

@Suite struct ArgumentsTests {
  private static func failure(_ text: String) -> PluginError? {
    do throws(PluginError) {
      _ = try Arguments(text)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    "K8S_POD_UID=u;IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=p;K8S_POD_INFRA_CONTAINER_ID=c",
    "K8S_POD_NAME=p;K8S_POD_NAMESPACE=ns;X=y;K8S_POD_UID=u;IgnoreUnknown=true",
    ";K8S_POD_NAME=p;;K8S_POD_UID=u;K8S_POD_NAMESPACE=ns;",
  ])
  func `a pod is found in any order of the keys`(text: String) throws {
    let arguments = try Arguments(text)
    #expect(arguments.namespace == "ns")
    #expect(arguments.podName == "p")
    #expect(arguments.podUID == "u")
  }

  @Test func `set but empty is absent`() throws {
    let arguments = try Arguments("IgnoreUnknown=1;K8S_POD_NAMESPACE=;K8S_POD_NAME=p;IP=")
    #expect(arguments.namespace == nil)
    #expect(arguments.podName == "p")
    #expect(arguments.addresses.isEmpty)
  }

  @Test func `a value may hold an equals sign`() throws {
    #expect(try Arguments("K8S_POD_UID=a=b").podUID == "a=b")
  }

  @Test(arguments: [
    ("FOO=bar", "unknown args [\"FOO=bar\"]"), ("ip=10.0.0.1", "unknown args [\"ip=10.0.0.1\"]"),
    ("FOO=bar;IgnoreUnknown=0", "unknown args"), ("IP", "invalid pair \"IP\""),
    ("IgnoreUnknown=1;junk", "invalid pair \"junk\""),
  ])
  func `what cannot be meant is refused, and quoted`(text: String, message: String) {
    let error = Self.failure(text)
    #expect(error?.code == .invalidEnvironment)
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test(arguments: ["IP;K8S_POD_NAME=p", "FOO=bar;K8S_POD_NAME=p", "IP=junk;K8S_POD_NAME=p;X"])
  func `a deletion reads what can be read`(text: String) {
    #expect(Arguments(lenient: text).podName == "p")
  }
}

import Addressing
import LineProtocol
import Testing

@Suite("PodReleaseParams, PodGetParams, PodListParams")
struct MethodsPodTests {
  @Test func `a release by owner key keeps the key's members`() throws {
    let line = line(
      #"{"namespace":"d","name":"p","containerID":"c","interface":"net1","ifRevision":7}"#)
    let params = try PodReleaseParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    guard case .owner(let owner) = params.target else {
      Issue.record("\(params.target) is no owner")
      return
    }
    #expect(string(owner.name, in: line) == "p")
    #expect(string(owner.incarnation, in: line) == "c")
    #expect(string(owner.interface, in: line) == "net1")
    #expect(params.ifRevision == 7)
  }

  @Test func `a release by address names nothing else`() throws {
    let params = try read(PodReleaseParams.self, #"{"ip":"10.244.0.2","all":false}"#)
    #expect(params.target == .address(try address("10.244.0.2")))
  }

  @Test func `a release by container names its node`() throws {
    let line = line(#"{"containerID":"c","node":"n"}"#)
    let params = try PodReleaseParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    guard case .container(let node, let containerID) = params.target else {
      Issue.record("\(params.target) is no container")
      return
    }
    #expect(string(node, in: line) == "n")
    #expect(string(containerID, in: line) == "c")
  }

  @Test func `a release of everything names the pod`() throws {
    let line = line(#"{"namespace":"d","name":"p","all":true}"#)
    let params = try PodReleaseParams(
      line: line.span, object: place(in: line), limits: ProtocolLimits())
    guard case .everything(let namespace, let name) = params.target else {
      Issue.record("\(params.target) is not everything")
      return
    }
    #expect(string(namespace, in: line) == "d")
    #expect(string(name, in: line) == "p")
  }

  @Test(arguments: [
    ("{}", ["namespace Required", "name Required"]),
    (#"{"name":"p"}"#, ["namespace Required"]),
    (#"{"containerID":"c"}"#, ["namespace Required", "name Required"]),
    (#"{"ip":"10.0.0.1","namespace":"d","name":"p"}"#, ["namespace Forbidden", "name Forbidden"]),
    (
      #"{"ip":"10.0.0.1","node":"n","containerID":"c"}"#,
      ["containerID Forbidden", "node Forbidden"]
    ),
    (#"{"ip":"10.0.0.1","network":"default"}"#, ["network Forbidden"]),
    (#"{"ip":"10.0.0.1","all":true}"#, ["all Forbidden"]),
    (#"{"ip":"ten"}"#, ["ip Invalid"]),
    (#"{"ip":5,"name":"p"}"#, ["ip Invalid", "name Forbidden"]),
    (#"{"node":"n"}"#, ["containerID Required"]),
    (#"{"node":"n","containerID":"c","name":"p"}"#, ["name Forbidden"]),
    (#"{"node":"n","containerID":"c","interface":"eth0"}"#, ["interface Forbidden"]),
    (#"{"all":true}"#, ["namespace Required", "name Required"]),
    (#"{"namespace":"d","name":"p","all":true,"containerID":"c"}"#, ["containerID Forbidden"]),
    (#"{"namespace":"d","name":"p","all":true,"node":"n"}"#, ["node Forbidden"]),
    (#"{"namespace":"d","name":"p","all":true,"uid":"u"}"#, ["uid Forbidden"]),
    (#"{"namespace":"d","name":"p","all":"yes"}"#, ["all Invalid"]),
    (#"{"namespace":"d","name":"p","force":true}"#, ["force Unknown"]),
  ])
  func `a release has one form`(json: String, expected: [String]) {
    #expect(causes(PodReleaseParams.self, json) == expected)
  }

  @Test(arguments: [
    (#"{"ip":"fd00::1"}"#, []),
    (#"{"namespace":"d","name":"p","network":"default"}"#, []),
    ("{}", ["namespace Required", "name Required"]),
    (#"{"ip":"fd00::1","uid":"u"}"#, ["uid Forbidden"]),
    (#"{"ip":"fd00::1%eth0"}"#, ["ip Invalid"]),
    (#"{"node":"n"}"#, ["node Unknown", "namespace Required", "name Required"]),
  ])
  func `a get names an owner or an address`(json: String, expected: [String]) {
    #expect(causes(PodGetParams.self, json) == expected)
  }

  @Test func `a list without filters shows the first 500`() throws {
    let params = try read(PodListParams.self, "{}")
    #expect(params.node == nil)
    #expect(params.namespace == nil)
    #expect(params.network == nil)
    #expect(params.labels.isEmpty)
    #expect(params.page == ListPage())
    #expect(params.page.limit == 500)
  }

  @Test func `a list keeps its filters and its place`() throws {
    let params = try read(
      PodListParams.self,
      #"{"node":"n","namespace":"d","network":"x","labels":{"a":"1"},"limit":3,"continue":"t"}"#)
    #expect(params.node == "n")
    #expect(params.namespace == "d")
    #expect(params.network == "x")
    #expect(params.labels == ["a": "1"])
    #expect(params.page.limit == 3)
    #expect(params.page.continue == "t")
  }

  @Test(arguments: [
    (#"{"limit":0}"#, ["limit Invalid"]),
    (#"{"limit":1001}"#, ["limit Invalid"]),
    (#"{"limit":1.0}"#, ["limit Invalid"]),
    (#"{"limit":99999999999999999999}"#, ["limit Invalid"]),
    (#"{"limit":"9"}"#, ["limit Invalid"]),
    (#"{"continue":5}"#, ["continue Invalid"]),
    (#"{"continue":""}"#, []),
    (#"{"limit":1000,"deadline":null}"#, []),
    (#"{"labels":{"a":true}}"#, ["labels.a Invalid"]),
    (#"{"labels":"a=b"}"#, ["labels Invalid"]),
    (#"{"name":"p"}"#, ["name Unknown"]),
  ])
  func `a list's params are held to their types`(json: String, expected: [String]) {
    #expect(causes(PodListParams.self, json) == expected)
  }
}

import Addressing
import LineProtocol
import Testing

@Suite("ServiceReserveParams, ServiceAdoptParams and the rest for Services")
struct MethodsServiceTests {
  @Test func `the fields that count are kept as sent`() throws {
    let params = try read(
      ServiceReserveParams.self,
      #"""
      {"namespace":"d","name":"s","uid":"u","dryRun":true,"ifRevision":4,"spec":{
      "type":"LoadBalancer","selector":{"app":"web"},"clusterIP":"","clusterIPs":["a","b","c"],
      "ipFamilyPolicy":"Sometimes","ipFamilies":["IPv6","IPv9"],"externalName":"x",
      "loadBalancerIP":"192.0.2.1","loadBalancerClass":"acme.io/lb"}}
      """#)
    var spec = ServiceSpecFields()
    spec.type = "LoadBalancer"
    spec.selector = ["app": "web"]
    spec.clusterIP = ""
    spec.clusterIPs = ["a", "b", "c"]
    spec.ipFamilyPolicy = "Sometimes"
    spec.ipFamilies = ["IPv6", "IPv9"]
    spec.externalName = "x"
    spec.loadBalancerIP = "192.0.2.1"
    spec.loadBalancerClass = "acme.io/lb"
    #expect(params.spec == spec)
    #expect(params.namespace == "d")
    #expect(params.name == "s")
    #expect(params.uid == "u")
    #expect(params.dryRun)
    #expect(params.ifRevision == 4)
  }

  @Test(arguments: [
    "ports", "sessionAffinity", "sessionAffinityConfig", "externalIPs", "externalTrafficPolicy",
    "internalTrafficPolicy", "healthCheckNodePort", "publishNotReadyAddresses",
    "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "trafficDistribution",
    "topologyKeys",
  ])
  func `Kubernetes' other fields are taken with any value`(name: String) throws {
    for value in ["7", #"{"a":[{"b":null}]}"#, #"["x",["y"]]"#, "null", #""t""#] {
      let params = try read(
        ServiceReserveParams.self,
        #"{"namespace":"d","name":"s","spec":{"\#(name)":\#(value),"type":"ClusterIP"}}"#)
      var spec = ServiceSpecFields()
      spec.type = "ClusterIP"
      #expect(params.spec == spec)
    }
  }

  @Test(arguments: [
    ("{}", []),
    (#"{"clusterIp":"None"}"#, ["spec.clusterIp Unknown"]),
    (#"{"ipFamily":"IPv4"}"#, ["spec.ipFamily Unknown"]),
    (#"{"deadline":"2026-01-02T03:04:05Z"}"#, ["spec.deadline Unknown"]),
    (#"{"type":1,"clusterIP":false}"#, ["spec.type Invalid", "spec.clusterIP Invalid"]),
    (#"{"clusterIPs":"None"}"#, ["spec.clusterIPs Invalid"]),
    (
      #"{"clusterIPs":["a",5,null]}"#,
      ["spec.clusterIPs[1] Invalid", "spec.clusterIPs[2] Invalid"]
    ),
    (#"{"ipFamilies":[{}]}"#, ["spec.ipFamilies[0] Invalid"]),
    (#"{"selector":["app"]}"#, ["spec.selector Invalid"]),
    (#"{"selector":{"app":5,"b":"x"}}"#, ["spec.selector.app Invalid"]),
    (#"{"selector":null,"type":null}"#, []),
  ])
  func `a spec is held to its names and types`(spec: String, expected: [String]) {
    let json = #"{"namespace":"d","name":"s","spec":\#(spec)}"#
    #expect(causes(ServiceReserveParams.self, json) == expected)
    #expect(causes(ServiceUpdateParams.self, json) == expected)
    #expect(causes(ServiceAdoptParams.self, json) == expected)
  }

  @Test(arguments: [
    ("{}", ["namespace Required", "name Required", "spec Required"]),
    (#"{"namespace":"d","name":"s","spec":null}"#, ["spec Required"]),
    (#"{"namespace":"d","name":"s","spec":[]}"#, ["spec Invalid"]),
    (#"{"spec":{"x":1},"namespace":"d","y":2}"#, ["spec.x Unknown", "y Unknown", "name Required"]),
    (#"{"spec":{},"namespace":"","name":[]}"#, ["namespace Invalid", "name Invalid"]),
    (#"{"namespace":"d","name":"s","spec":{},"dryRun":"All"}"#, ["dryRun Invalid"]),
    (#"{"namespace":"d","name":"s","spec":{},"status":{}}"#, ["status Unknown"]),
  ])
  func `a reserve needs its key and a spec`(json: String, expected: [String]) {
    #expect(causes(ServiceReserveParams.self, json) == expected)
  }

  @Test func `an adoption is neither tried nor fenced`() {
    let json = #"{"namespace":"d","name":"s","spec":{},"dryRun":true,"ifRevision":1}"#
    #expect(causes(ServiceAdoptParams.self, json) == ["dryRun Unknown", "ifRevision Unknown"])
  }

  @Test func `a release may be fenced, a get not`() throws {
    let json = #"{"namespace":"d","name":"s","ifRevision":9}"#
    #expect(try read(ServiceReleaseParams.self, json).ifRevision == 9)
    #expect(causes(ServiceGetParams.self, json) == ["ifRevision Unknown"])
    #expect(causes(ServiceReleaseParams.self, "{}") == ["namespace Required", "name Required"])
    #expect(causes(ServiceGetParams.self, #"{"name":"s"}"#) == ["namespace Required"])
  }

  @Test func `a list may be of one namespace`() throws {
    let params = try read(ServiceListParams.self, #"{"namespace":"d","limit":1}"#)
    #expect(params.namespace == "d")
    #expect(params.page.limit == 1)
    #expect(causes(ServiceListParams.self, #"{"labels":{}}"#) == ["labels Unknown"])
  }
}

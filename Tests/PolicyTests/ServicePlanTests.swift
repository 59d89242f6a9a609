import Addressing
import Policy
import Testing

@Suite struct ServicePlanTests {
  @Test func `the addresses found go into the spec in the order of the families`() throws {
    let plan = try ServicePolicy.create(
      spec("PDS", "6"), families: ClusterKind.dual46.service)
    #expect(plan.spec.clusterIP == nil)
    #expect(plan.spec.clusterIPs == nil)
    let six = try #require(IPAddress("fd00:10:96:0::A"))
    let four = try #require(IPAddress("10.96.0.10"))
    let spec = plan.resolved([six, four])
    #expect(spec.clusterIP == "fd00:10:96::a")
    #expect(spec.clusterIPs == ["fd00:10:96::a", "10.96.0.10"])
    #expect(spec.ipFamilies == ["IPv6", "IPv4"])
    #expect(spec.ipFamilyPolicy == "PreferDualStack")
    #expect(spec.type == "ClusterIP")
  }

  @Test func `a wish that was not granted is a mistake of the caller`() async {
    await #expect(processExitsWith: .failure) {
      let plan = try ServicePolicy.create(ServiceSpec(), families: ServiceFamilies([.ipv4]))
      _ = plan.resolved([])
    }
  }

  @Test func `two Service ranges of one family are a mistake of the caller`() async {
    await #expect(processExitsWith: .failure) { _ = ServiceFamilies([.ipv4, .ipv4]) }
  }
}

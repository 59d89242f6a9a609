import Testing

@testable import Daemon

@Suite struct SettingTests {
  @Test(arguments: Setting.allCases)
  func `every setting has its variable and its key`(_ setting: Setting) {
    let text =
      switch setting.form {
      case .text: "/a"
      case .list: setting == .listen ? "unix:/a" : "10.0.0.0/16"
      case .number(let range): "\(range.lowerBound + 1)"
      case .boolean: "true"
      case .choice(let choices): choices[1]
      }
    let keys = setting.key.split(separator: ".")
    let yaml = keys.count == 2 ? "\(keys[0]): {\(keys[1]): \(text)}" : "\(keys[0]): \(text)"
    var fromVariable = SettingValues()
    fromVariable.take(
      environment: ProcessFacts(
        processID: 1, userID: 0, environment: [setting.environmentName: text]))
    var fromFile = SettingValues()
    fromFile.take(file: ConfigurationFile(path: "c.yaml", text: yaml))
    #expect(fromVariable[setting] != nil)
    #expect(fromVariable[setting]?.content == fromFile[setting]?.content)
    #expect(fromVariable.findings.isEmpty && fromFile.findings.isEmpty)
  }

  @Test(arguments: [
    (Setting.serviceClusterIPRange, "IPLEDGER_SERVICE_CLUSTER_IP_RANGE"),
    (.nodeCIDRMaskSizeIPv4, "IPLEDGER_NODE_CIDR_MASK_SIZE_IPV4"),
    (.lineBytes, "IPLEDGER_LIMITS_LINE_BYTES"),
  ])
  func `a variable is named for its flag`(_ setting: Setting, _ name: String) {
    #expect(setting.environmentName == name)
  }

  @Test func `no two settings share a flag`() {
    #expect(Set(Setting.allCases.map(\.flag)).count == Setting.allCases.count)
  }
}

/// A setting of later versions: refused by name, so that nobody believes that it works.
enum LaterSetting: String, CaseIterable {
  case access
  case tls

  var environmentName: String {
    switch self {
    case .access: "IPLEDGER_ACCESS"
    case .tls: "IPLEDGER_TLS"
    }
  }

  static let message = "this version does not have it: leave it out"
}

import Addressing

/// The members of `spec` that findings are about, by their paths inside the params.
enum ServiceField: String {
  case type, clusterIP, clusterIPs, ipFamilyPolicy, ipFamilies, externalName, loadBalancerClass

  func cause(_ reason: CauseReason, _ message: String) -> Cause {
    Cause("spec.\(rawValue)", reason, message)
  }

  func cause(at index: Int, _ reason: CauseReason, _ message: String) -> Cause {
    Cause("spec.\(rawValue)[\(index)]", reason, message)
  }
}

import Addressing

/// Kubernetes' rules for Services: what a request comes to in this cluster, or why it is refused.
///
/// Whether an address is free, or lies in a range at all, is not for these rules to say.
package enum ServicePolicy {
  /// What the API server makes of a new Service (semantics §2 to §4).
  package static func create(
    _ spec: ServiceSpec, families: ServiceFamilies
  ) throws(PolicyRefusal) -> ServicePlan {
    let spec = normalised(spec)
    let typeCauses = ServiceTypeRules.causes(spec)
    guard !spec.isExternalName else {
      try refuse(typeCauses)
      return ServicePlan(spec: spec, wishes: [], released: [])
    }
    try refuse(ServiceShape.causes(spec), with: typeCauses)
    var draft = ServiceDraft(spec)
    try refuse(draft.resolveFamilies(in: families), with: typeCauses)
    try refuse(typeCauses)
    return ServicePlan(
      spec: draft.applied(to: spec), wishes: draft.wishes(stored: nil), released: [])
  }

  /// The request as sent, after filling defaults that do not depend on allocation: two requests
  /// are the same when these are equal.
  ///
  /// A policy that is left out stays left out, since on update that means the stored one.
  package static func normalised(_ sent: ServiceSpec) -> ServiceSpec {
    sent.canonical().withPlural()
  }

  /// Ends the request if a step found something; then also with what other fields are wrong, so
  /// that all findings that do not hang on this step's come at once.
  static func refuse(_ causes: [Cause], with others: [Cause] = []) throws(PolicyRefusal) {
    guard !causes.isEmpty else { return }
    throw PolicyRefusal(causes + others)
  }
}

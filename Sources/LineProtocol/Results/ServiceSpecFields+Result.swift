extension ServiceSpecFields {
  /// Writes the fields that have a value; empty ones count as having none.
  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("type", present(type))
    writer.member("selector", selector ?? [:])
    writer.member("clusterIP", present(clusterIP))
    writer.member("clusterIPs", present(clusterIPs))
    writer.member("ipFamilies", present(ipFamilies))
    writer.member("ipFamilyPolicy", present(ipFamilyPolicy))
    writer.member("externalName", present(externalName))
    writer.member("loadBalancerIP", present(loadBalancerIP))
    writer.member("loadBalancerClass", present(loadBalancerClass))
    writer.endObject()
  }

  private func present<Value: Collection>(_ value: Value?) -> Value? {
    guard let value, !value.isEmpty else { return nil }
    return value
  }

  /// The member of params that holds one, with the Service's uid before it.
  static let holders: [SchemaMember] = [
    .optional("uid", Schema.name, "Its uid; one that differs from the stored is Conflict."),
    .required("spec", Schema.ref("ServiceSpec"), "The spec as Kubernetes has it."),
  ]

  /// What `components/schemas/ServiceSpec` holds: the fields that matter, and the names of those
  /// that are taken and not kept.
  static let requestDefinition: JSONValue = {
    let ignored = ignoredNames.map {
      JSONValue.Member($0, ["description": "Taken with any value, and not kept."])
    }
    return [
      "type": "object", "properties": .object(members.map(\.property) + ignored),
      "additionalProperties": false,
    ]
  }()

  /// What `components/schemas/ServiceAddressFields` holds: the same as answers have them.
  static let resultDefinition = Schema.object(members)

  private static let members: [SchemaMember] = [
    .optional(
      "type", Schema.choice("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
      "ClusterIP when left out."),
    .optional(
      "selector", ["type": "object", "additionalProperties": Schema.text],
      "Decides, for a headless Service, which families it has."),
    .optional("clusterIP", Schema.text, "An address, None, or empty: the server chooses."),
    .optional("clusterIPs", Schema.list(Schema.text, atMost: 2), "The first one is clusterIP."),
    .optional("ipFamilies", Schema.families, "The first one is that of clusterIP."),
    .optional(
      "ipFamilyPolicy", Schema.choice("SingleStack", "PreferDualStack", "RequireDualStack"),
      "How many families."),
    .optional("externalName", Schema.text, "For the type ExternalName."),
    .optional("loadBalancerIP", Schema.text, "For the type LoadBalancer: the address asked for."),
    .optional("loadBalancerClass", Schema.text, "For the type LoadBalancer: who provides it."),
  ]
}

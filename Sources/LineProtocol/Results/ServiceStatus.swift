package import Addressing

/// The `status` of a Service of type LoadBalancer: its ingress addresses.
package struct ServiceStatus: Sendable, Hashable {
  /// In the order of the Service's families; empty: there is no status.
  package var ingress: [IPAddress]

  package init(ingress: [IPAddress]) {
    self.ingress = ingress
  }

  /// Writes the member `status`, if there is one.
  func append(to writer: inout JSONWriter) {
    guard !ingress.isEmpty else { return }
    writer.name("status")
    writer.beginObject()
    writer.name("loadBalancer")
    writer.beginObject()
    writer.name("ingress")
    writer.beginArray()
    for address in ingress {
      writer.beginObject()
      writer.member("ip", address)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    writer.endObject()
  }

  /// What `components/schemas/ServiceStatus` holds.
  static let definition = Schema.object([
    .required(
      "loadBalancer",
      Schema.object([
        .required(
          "ingress",
          Schema.list(Schema.object([.required("ip", Schema.address, "One address.")])),
          "One for each family of the Service that there are ranges of.")
      ]), "As in Kubernetes' Service.")
  ])
}

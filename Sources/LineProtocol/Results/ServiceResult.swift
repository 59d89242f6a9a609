package import Addressing

/// What `service.reserve`, `service.update` and `service.adopt` answer.
package struct ServiceResult: MethodResult {
  package var namespace: String
  package var name: String

  /// The address fields as they are now.
  package var spec: ServiceSpecFields

  /// Whether the Service was there already, with the same request.
  package var existing: Bool

  /// Its ingress addresses.
  package var status: ServiceStatus

  /// The addresses that an update gave up; nil for other methods.
  package var released: [IPAddress]?

  /// The Service's generation.
  package var revision: UInt64

  package init(
    namespace: String, name: String, spec: ServiceSpecFields,
    status: ServiceStatus = ServiceStatus(ingress: []), existing: Bool, released: [IPAddress]?,
    revision: UInt64
  ) {
    self.namespace = namespace
    self.name = name
    self.spec = spec
    self.status = status
    self.existing = existing
    self.released = released
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("namespace", namespace)
    writer.member("name", name)
    writer.name("spec")
    spec.append(to: &writer)
    status.append(to: &writer)
    writer.member("existing", existing)
    if let released { writer.member("released", released) }
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .required("namespace", Schema.name, "The Service's namespace."),
      .required("name", Schema.name, "The Service's name."),
      .required("spec", Schema.ref("ServiceAddressFields"), "The address fields with a value."),
      .optional("status", Schema.ref("ServiceStatus"), "Of type LoadBalancer, if it has any."),
      .required("existing", Schema.flag, "Whether it was there already, with this request."),
      .optional("released", Schema.list(Schema.address), "What an update gave up."),
      .required("revision", Schema.revision, "The Service's generation."),
    ])
  }
}

/// A Service as `service.get` and `service.list` show it.
package struct ServiceItem: MethodResult {
  package var namespace: String
  package var name: String
  package var uid: String?
  package var spec: ServiceSpecFields

  /// Its ingress addresses.
  package var status: ServiceStatus

  /// Milliseconds since 1970.
  package var reservedAt: Int64

  /// The Service's generation.
  package var revision: UInt64

  package init(
    namespace: String, name: String, uid: String?, spec: ServiceSpecFields,
    status: ServiceStatus = ServiceStatus(ingress: []), reservedAt: Int64, revision: UInt64
  ) {
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.spec = spec
    self.status = status
    self.reservedAt = reservedAt
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("namespace", namespace)
    writer.member("name", name)
    writer.member("uid", uid)
    writer.name("spec")
    spec.append(to: &writer)
    status.append(to: &writer)
    writer.member("reservedAt", time: reservedAt)
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.ref("Service") }

  /// What `components/schemas/Service` holds.
  static let definition = Schema.object([
    .required("namespace", Schema.name, "The Service's namespace."),
    .required("name", Schema.name, "The Service's name."),
    .optional("uid", Schema.name, "As given at the reserve."),
    .required("spec", Schema.ref("ServiceAddressFields"), "The address fields with a value."),
    .optional("status", Schema.ref("ServiceStatus"), "Of type LoadBalancer, if it has any."),
    .required("reservedAt", Schema.time, "When it was reserved."),
    .required("revision", Schema.revision, "The Service's generation."),
  ])
}

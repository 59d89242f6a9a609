package import Addressing
package import Policy

/// A Service: the spec last sent, the spec that it came to, and its addresses.
package struct ServiceObject: Sendable, Equatable {
  package var namespace: String
  package var name: String
  package var uid: String?
  /// What the client sent last, normalised: what a repeated request is compared with.
  package var sent: ServiceSpec
  package var spec: ServiceSpec
  /// The addresses held, in the order of `clusterIPs`; none for headless and ExternalName.
  package var addresses: [IPAddress]

  /// The addresses of `status.loadBalancer.ingress`, in the order of `ipFamilies`.
  package var ingress: [IPAddress]
  package var origin: Origin

  package init(
    namespace: String, name: String, uid: String?, sent: ServiceSpec, spec: ServiceSpec,
    addresses: [IPAddress], ingress: [IPAddress] = [], origin: Origin
  ) {
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.sent = sent
    self.spec = spec
    self.addresses = addresses
    self.ingress = ingress
    self.origin = origin
  }

  package static func key(namespace: String, name: String) -> [UInt8] {
    Array(namespace.utf8) + [0] + Array(name.utf8)
  }

  /// - Parameter givenUp: the addresses that the update gave up which this is the record of.
  package func packed(givingUp givenUp: [IPAddress] = []) -> PackedObject {
    let key = Self.key(namespace: namespace, name: name)
    var writer = PackedWriter(key: key.span, bodyCapacity: 128)
    origin.write(to: &writer)
    writer.length(addresses.count + ingress.count)
    for address in addresses + ingress { writer.address(address) }
    writer.optional(uid)
    Self.write(sent, to: &writer)
    Self.write(spec, to: &writer)
    writer.length(givenUp.count)
    for address in givenUp { writer.address(address) }
    // How many of the addresses above are ingress addresses; absent: none.
    if !ingress.isEmpty { writer.length(ingress.count) }
    return PackedObject(bytes: writer.bytes)
  }

  package init(_ packed: PackedObject) {
    let members = packed.keyMembers
    namespace = members[0]
    name = members[1]
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    origin = Origin.read(from: &reader)
    let all = Self.addresses(from: &reader)
    uid = reader.optional()
    sent = Self.spec(from: &reader)
    spec = Self.spec(from: &reader)
    // Records of the first version end here.
    if reader.position < packed.bytes.count { _ = Self.addresses(from: &reader) }
    let ingressCount = reader.position < packed.bytes.count ? reader.length() : 0
    addresses = Array(all.dropLast(ingressCount))
    ingress = Array(all.suffix(ingressCount))
  }

  /// What the update gave up which the object is the record of.
  static func givenUp(_ packed: PackedObject) -> [IPAddress] {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    _ = Origin.read(from: &reader)
    _ = addresses(from: &reader)
    _ = reader.optional()
    _ = spec(from: &reader)
    _ = spec(from: &reader)
    // Records of the first version end here.
    guard reader.position < packed.bytes.count else { return [] }
    return addresses(from: &reader)
  }

  /// All addresses that it holds, ingress ones last, without reading the specs.
  static func addresses(_ packed: PackedObject) -> [IPAddress] {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    _ = Origin.read(from: &reader)
    return addresses(from: &reader)
  }

  static func origin(_ packed: PackedObject) -> Origin {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    return Origin.read(from: &reader)
  }

  private static func addresses(from reader: inout PackedReader) -> [IPAddress] {
    let count = reader.length()
    return (0..<count).map { _ in reader.address() }
  }

  private static func write(_ spec: ServiceSpec, to writer: inout PackedWriter) {
    for text in [
      spec.type, spec.clusterIP, spec.ipFamilyPolicy, spec.externalName, spec.loadBalancerIP,
      spec.loadBalancerClass,
    ] {
      writer.optional(text)
    }
    writer.list(spec.clusterIPs)
    writer.list(spec.ipFamilies)
    let selector = spec.selector?.sorted { $0.key < $1.key }
    writer.list(selector?.flatMap { [$0.key, $0.value] })
  }

  private static func spec(from reader: inout PackedReader) -> ServiceSpec {
    let texts = (0..<6).map { _ in reader.optional() }
    let clusterIPs = reader.list()
    let ipFamilies = reader.list()
    let pairs = reader.list()
    let selector = pairs.map { pairs in
      Dictionary(
        stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) },
        uniquingKeysWith: { first, _ in first })
    }
    return ServiceSpec(
      type: texts[0], clusterIP: texts[1], clusterIPs: clusterIPs, ipFamilyPolicy: texts[2],
      ipFamilies: ipFamilies, selector: selector, externalName: texts[3],
      loadBalancerIP: texts[4], loadBalancerClass: texts[5])
  }
}

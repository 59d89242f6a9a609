import Addressing
import Policy
import Testing

/// What holds for every request that is not refused, whatever it asks for.
@Suite struct ServiceWriteBackTests {
  private static let requests: [ServiceSpec] = ["-", "SS", "PDS", "RDS"].flatMap { policy in
    ["-", "4", "6", "4,6", "6,4"].flatMap { families in
      ["-", "a4", "a6", "a4,a6", "a6,a4", "None"].flatMap { ips in
        [["app": "web"], nil].flatMap { selector in
          ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"].map { type in
            var spec = spec(policy, families, ips, type: type, selector: selector)
            spec.externalName = type == "ExternalName" ? "db.example.com" : nil
            return spec
          }
        }
      }
    }
  }

  @Test(arguments: ClusterKind.allCases)
  func `a plan has one wish for each family, and of that family`(cluster: ClusterKind) throws {
    var plans = 0
    for request in Self.requests {
      guard let plan = try? ServicePolicy.create(request, families: cluster.service) else {
        continue
      }
      plans += 1
      let spec = plan.resolved(Self.addresses(plan))
      guard !plan.wishes.isEmpty else { continue }
      #expect(Self.addresses(plan).map(\.family.name) == spec.ipFamilies)
      #expect(Self.addresses(plan).map(\.description) == spec.clusterIPs)
      #expect(spec.clusterIP == spec.clusterIPs?.first)
      #expect(Self.addresses(plan).allSatisfy { cluster.families.contains($0.family) })
    }
    #expect(plans > 20)
  }

  @Test(arguments: ClusterKind.allCases)
  func `an answer that is written back, or sent again, changes nothing`(
    cluster: ClusterKind
  ) throws {
    for (request, stored) in Self.stored(in: cluster) {
      // Who lists one where two came of it now asks for the second one to be given up.
      let isWhole =
        (request.ipFamilies == nil || request.ipFamilies == stored.ipFamilies)
        && (request.clusterIPs == nil || request.clusterIPs == stored.clusterIPs)
      for again in isWhole ? [stored, request] : [stored] {
        let update = try ServicePolicy.update(again, stored: stored, families: cluster.service)
        #expect(update.resolved(Self.addresses(update)) == stored, "\(again)")
        #expect(update.released.isEmpty)
        #expect(update.wishes.allSatisfy { if case .keep = $0 { true } else { false } })
      }
      let adopted = try ServicePolicy.adopt(stored, families: cluster.service)
      #expect(adopted.resolved(Self.addresses(adopted)) == stored)
    }
  }

  @Test(arguments: [ClusterKind.v4, .dual46, .dual64], ClusterKind.allCases)
  func `an update keeps, releases or adds, and never replaces an address`(
    first: ClusterKind, second: ClusterKind
  ) {
    var updates = 0
    for (index, (_, stored)) in Self.stored(in: first).enumerated() {
      let held = (stored.clusterIPs ?? []).compactMap { IPAddress($0) }
      // A prime stride, from another start each time, meets all combinations without trying all.
      for next in stride(from: index % 241, to: Self.requests.count, by: 241) {
        let plan = try? ServicePolicy.update(
          Self.requests[next], stored: stored, families: second.service)
        guard let plan else { continue }
        updates += 1
        let kept = plan.wishes.compactMap { wish in
          if case .keep(let address) = wish { address } else { nil }
        }
        #expect(kept + plan.released == held, "\(stored) → \(Self.requests[next])")
      }
    }
    #expect(updates > 10)
  }

  /// What comes of every request that is not refused.
  private static func stored(
    in cluster: ClusterKind
  ) -> [(request: ServiceSpec, stored: ServiceSpec)] {
    requests.compactMap { request in
      let plan = try? ServicePolicy.create(request, families: cluster.service)
      return plan.map { (request, $0.resolved(addresses($0))) }
    }
  }

  /// The first address of the family where any will do.
  private static func addresses(_ plan: ServicePlan) -> [IPAddress] {
    plan.wishes.map { wish in
      switch wish {
      case .keep(let address), .fixed(let address): address
      case .automatic(let family): IPAddress(family: family, value: 0x0a60_0099)
      }
    }
  }
}

import FaultKit
import Testing

/// Repeating, fencing and trying out Service reservations.
@Suite(.ownThreads) struct ServiceReservationTests {
  private static let key: JSON = ["namespace": "default", "name": "web"]

  @Test func `a repeated reserve answers the same and writes nothing`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    let spec: JSON = ["ipFamilyPolicy": "PreferDualStack", "ports": [["port": 80]]]
    let request = Self.key.with("spec", spec)
    let first = try client.request("service.reserve", request)
    #expect(first.result?["existing"] == false, "\(first)")
    let same = Self.key.with("spec", ["type": "ClusterIP", "ipFamilyPolicy": "PreferDualStack"])
    let again = try client.request("service.reserve", same)
    #expect(again.result?["existing"] == true, "\(again)")
    #expect(again.result?["spec"] == first.result?["spec"])
    #expect(again.revision == first.revision)
    #expect(try client.request("server.info").revision == first.revision)
    let other = try client.request("service.reserve", Self.key.with("spec", [:]))
    #expect(other.code == -32005, "\(other)")
    #expect(other.data?["owner"] == ["kind": "Service", "namespace": "default", "name": "web"])
    #expect(other.revision == first.revision)
  }

  @Test func `a repeat is compared with the spec last sent by an update`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    _ = try client.request("service.reserve", Self.key.with("spec", [:]))
    let dual = Self.key.with("spec", ["ipFamilyPolicy": "RequireDualStack"])
    let updated = try client.request("service.update", dual)
    #expect(updated.result?["spec"]?["clusterIPs"]?.list?.count == 2, "\(updated)")
    let repeated = try client.request("service.reserve", dual)
    #expect(repeated.result?["existing"] == true, "\(repeated)")
    #expect(repeated.revision == updated.revision)
    let older = try client.request("service.reserve", Self.key.with("spec", [:]))
    #expect(older.reason == "Conflict", "\(older)")
  }

  @Test func `another uid is another Service`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    let request = Self.key.with("spec", [:]).with("uid", "one")
    let first = try client.request("service.reserve", request)
    #expect(first.result != nil, "\(first)")
    for method in ["service.reserve", "service.update"] {
      let other = try client.request(method, request.with("uid", "two"))
      #expect(other.reason == "Conflict", "\(method): \(other)")
    }
    let any = try client.request("service.reserve", Self.key.with("spec", [:]))
    #expect(any.result?["existing"] == true, "\(any)")
    #expect(try client.request("service.get", Self.key).result?["uid"] == "one")
  }

  @Test func `an update applies to the generation that it names`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    let made = try client.request("service.reserve", Self.key.with("spec", [:]))
    let first = try #require(made.revision)
    let dual = Self.key.with("spec", ["ipFamilyPolicy": "RequireDualStack"])
    let stale = try client.request("service.update", dual.with("ifRevision", .int(first + 1)))
    #expect(stale.reason == "Conflict", "\(stale)")
    let updated = try client.request("service.update", dual.with("ifRevision", .int(first)))
    let second = try #require(updated.revision)
    #expect(second == first + 1)
    let same = try client.request("service.update", dual.with("ifRevision", .int(second)))
    #expect(same.revision == second, "one that changes nothing writes no record: \(same)")
    #expect(same.result?["released"] == [])
    #expect(try client.request("server.info").revision == second)
    let release = Self.key.with("ifRevision", .int(first))
    #expect(try client.request("service.release", release).reason == "Conflict")
    let gone = try client.request("service.release", Self.key.with("ifRevision", .int(second)))
    #expect(gone.result?["released"]?.list?.count == 2, "\(gone)")
    let nothing = try client.request("service.release", release)
    #expect(nothing.result?["released"] == [], "\(nothing)")
    let missing = try client.request("service.update", dual)
    #expect(missing.reason == "NotFound", "\(missing)")
  }

  @Test func `a dry run shows what would happen and writes nothing`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    let held = Self.key.with("spec", ["clusterIP": "10.96.0.10"])
    let revision = try client.request("service.reserve", held).revision
    let dry: JSON = ["namespace": "default", "name": "dry", "dryRun": true]
    let dual = dry.with("spec", ["ipFamilyPolicy": "RequireDualStack"])
    let shown = try client.request("service.reserve", dual)
    #expect(shown.result?["spec"]?["clusterIPs"]?.list?.count == 2, "\(shown)")
    #expect(shown.revision == revision)
    for address in shown.result?["spec"]?["clusterIPs"]?.strings ?? [] {
      let state = try client.request("ip.get", ["ip": .string(address)])
      #expect(state.result?["state"] == "free", "\(state)")
    }
    let taken = try client.request(
      "service.reserve", dry.with("spec", ["clusterIP": "10.96.0.10"]))
    #expect(taken.reason == "AlreadyReserved", "\(taken)")
    let update = Self.key.with("dryRun", true).with(
      "spec", ["ipFamilyPolicy": "RequireDualStack"])
    let wider = try client.request("service.update", update)
    #expect(wider.result?["spec"]?["clusterIPs"]?.list?.count == 2, "\(wider)")
    #expect(try client.request("service.list").result?["items"]?.list?.count == 1)
    #expect(try client.request("server.info").revision == revision)
  }

  @Test func `Services are listed by namespace in pages`() throws {
    let daemon = try DaemonProcess.start()
    let client = try daemon.client()
    for namespace in ["b", "a"] {
      for number in [2, 0, 1] {
        let request: JSON = [
          "namespace": .string(namespace), "name": "s\(number)", "spec": [:],
        ]
        _ = try client.request("service.reserve", request)
      }
    }
    let all = try client.all("service.list", limit: 4)
    let names = all.compactMap { item in
      item["namespace"]?.text.flatMap { space in item["name"]?.text.map { "\(space)/\($0)" } }
    }
    #expect(names == ["a/s0", "a/s1", "a/s2", "b/s0", "b/s1", "b/s2"])
    #expect(try client.all("service.list", ["namespace": "b"], limit: 1).count == 3)
    #expect(try client.all("service.list", ["namespace": "c"]).isEmpty)
  }
}

import AddressBitmap
import Addressing
import FaultKit
import Policy
import Testing

@testable import Allocation

/// What is packed is read back, for every member present and absent.
@Suite struct PackedObjectTests {
  private struct Dice {
    var random: SeededRandom

    mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    mutating func maybe<Value>(_ value: (inout Dice) -> Value) -> Value? {
      number(2) == 0 ? nil : value(&self)
    }

    mutating func text() -> String {
      let lengths = [0, 1, 7, 8, 127, 128, 253]
      let letters = ["a", "-", "é", "漢", ".", "Z"]
      let length = lengths[number(lengths.count)]
      var text = ""
      while text.utf8.count < length { text += letters[number(letters.count)] }
      return text
    }

    mutating func address(_ family: IPFamily? = nil) -> IPAddress {
      let family = family ?? (number(2) == 0 ? .ipv4 : .ipv6)
      let limit = family == .ipv4 ? UInt128(UInt32.max) : .max
      let values: [UInt128] = [0, 1, limit, UInt128.random(in: 0...limit, using: &random)]
      return IPAddress(family: family, value: values[number(4)])
    }

    mutating func origin() -> Origin {
      Origin(
        generation: maybe { .revision(UInt64.random(in: 0 ... .max, using: &$0.random)) }
          ?? .before(number(1_000)),
        reservedAt: maybe { Int64.random(in: .min ... .max, using: &$0.random) })
    }
  }

  private let seed: UInt64
  private let rounds = 300

  init() { seed = SeededRandom.seed() }

  @Test func `a pod comes back as it was reserved`() {
    var dice = Dice(random: SeededRandom(seed: seed))
    for round in 0..<rounds {
      var request = PodRequest(
        node: dice.text(), namespace: dice.text(), name: dice.text(),
        uid: dice.maybe { $0.text() }, containerID: dice.maybe { $0.text() },
        interface: dice.text())
      request.labels = dice.maybe { dice in
        var labels: [String: String] = [:]
        for _ in 0..<dice.number(17) { labels[dice.text()] = dice.text() }
        return labels
      }
      var addresses = FamilyPair<PodObject.Address>()
      let families = IPFamily.allCases.shuffled(using: &dice.random)
      for family in families.prefix(dice.number(3)) {
        addresses.append(
          PodObject.Address(address: dice.address(family), isStatic: dice.number(2) == 0))
      }
      let origin = dice.origin()
      var draft = request.draft
      draft.ttlSeconds = dice.number(2) == 0 ? nil : 1 + dice.number(100_000)
      draft.isSticky = dice.number(2) == 0
      let packed = draft.packed(addresses: addresses, origin: origin, time: 7)
      let pod = PodObject(packed)
      let expected = ModelPod(
        request,
        addresses: addresses.array.map {
          ModelAddress(address: $0.address, isStatic: $0.isStatic)
        })
      #expect(ModelPod(pod) == expected, "seed \(seed), \(round)")
      #expect(pod.origin == origin, "seed \(seed), \(round)")
      let lease = draft.ttlSeconds.map {
        PodObject.Lease(expiresAt: 7 + Int64($0) * 1000, seconds: $0)
      }
      #expect(pod.lease == lease, "seed \(seed), \(round)")
      #expect(pod.isSticky == draft.isSticky, "seed \(seed), \(round)")
      let kept = PodObject(pod.kept(since: 9, origin: origin))
      #expect(kept.isKept && kept.core().keptAt == 9 && kept.lease == nil)
      let unkept = PodObject(kept.unkept(origin: origin))
      #expect(ModelPod(kept) == expected && ModelPod(unkept) == expected)
      #expect(packed.keyMembers.joined(separator: "\0") == request.key, "seed \(seed), \(round)")
      let hasKey = packed.hasKey(draft.key.span)
      #expect(hasKey, "seed \(seed), \(round)")
      #expect(Array(packed.bytes[packed.podNameRange]) == Array(draft.key.array[draft.nameRange]))
      let labels = draft.labels ?? [0]
      #expect(pod.labelBytes(pod.core()) == labels, "seed \(seed), \(round)")
    }
  }

  @Test func `labels in another order are the same bytes`() {
    let labels = Dictionary(uniqueKeysWithValues: (0..<16).map { ("k\($0)", "v\($0)") })
    var other: [String: String] = [:]
    for pair in labels.sorted(by: { $0.key > $1.key }) { other[pair.key] = pair.value }
    var first = PodDraft()
    var second = PodDraft()
    first.setLabels(labels)
    second.setLabels(other)
    #expect(first.labels == second.labels)
    second.setLabels(other.merging(["k0": "v1"]) { $1 })
    #expect(first.labels != second.labels)
  }

  @Test func `a Service comes back as it was`() {
    var dice = Dice(random: SeededRandom(seed: seed))
    for round in 0..<rounds {
      let specs = (0..<2).map { _ in
        ServiceSpec(
          type: dice.maybe { $0.text() }, clusterIP: dice.maybe { $0.text() },
          clusterIPs: dice.maybe { dice in (0..<dice.number(4)).map { _ in dice.text() } },
          ipFamilyPolicy: dice.maybe { $0.text() },
          ipFamilies: dice.maybe { dice in (0..<dice.number(3)).map { _ in dice.text() } },
          selector: dice.maybe { dice in
            var selector: [String: String] = [:]
            for _ in 0..<dice.number(5) { selector[dice.text()] = dice.text() }
            return selector
          },
          externalName: dice.maybe { $0.text() }, loadBalancerIP: dice.maybe { $0.text() },
          loadBalancerClass: dice.maybe { $0.text() })
      }
      let service = ServiceObject(
        namespace: dice.text(), name: dice.text(), uid: dice.maybe { $0.text() }, sent: specs[0],
        spec: specs[1], addresses: (0..<dice.number(3)).map { _ in dice.address() },
        origin: dice.origin())
      let packed = service.packed()
      #expect(ServiceObject(packed) == service, "seed \(seed), \(round)")
      #expect(ServiceObject.addresses(packed) == service.addresses)
      #expect(ServiceObject.origin(packed) == service.origin)
    }
  }

  @Test func `a node comes back as it was`() throws {
    var dice = Dice(random: SeededRandom(seed: seed))
    for round in 0..<rounds {
      let blocks = (0..<dice.number(3)).compactMap { _ in
        let base = dice.address()
        return CIDR(containing: base, prefixLength: dice.number(base.family.bitWidth + 1))
      }
      let node = NodeObject(
        name: dice.text(), podCIDRs: blocks,
        nodeIPs: (0..<dice.number(3)).map { _ in dice.address() }, os: dice.maybe { $0.text() },
        networkMode: dice.maybe { $0.text() }, isExplicit: dice.number(2) == 0,
        origin: dice.origin())
      #expect(NodeObject(node.packed()) == node, "seed \(seed), \(round)")
      #expect(NodeObject.origin(node.packed()) == node.origin)
    }
  }

  @Test func `keys are ordered by their bytes, and namespaces are prefixes`() {
    let names = [["a", "z"], ["a", "za"], ["a-b", "a"], ["ab", "a"], ["b", ""]]
    let objects = names.map { ServiceObject.key(namespace: $0[0], name: $0[1]) }
      .map { PackedObject(bytes: [UInt8($0.count), 0] + $0) }
    for (index, left) in objects.enumerated() {
      for (other, right) in objects.enumerated() {
        #expect(left.precedes(right) == (index < other))
      }
    }
  }
}

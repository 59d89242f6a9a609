import AddressBitmap
import Addressing
import Foundation
import Testing

func cidr(_ text: String) throws -> CIDR { try #require(CIDR(text)) }

func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

func podRange(
  _ text: String, reservesGateway: Bool = true, restsFor milliseconds: Int64 = 0,
  isStrict: Bool = false
) throws -> AddressRange {
  AddressRange(
    cidr: try cidr(text),
    use: .pod(
      reservesGateway: reservesGateway,
      quarantine: Quarantine(milliseconds: milliseconds, isStrict: isStrict)))
}

func serviceRange(_ text: String, staticBandSize: Int) throws -> AddressRange {
  AddressRange(cidr: try cidr(text), use: .service(staticBandSize: staticBandSize))
}

/// There was no value where a test needs one.
struct Missing: Error {}

/// What `#require` is to values that cannot be copied.
func required<Value: ~Copyable>(_ value: consuming Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}

/// What came of a static claim, as a value; a claim is kept.
enum Outcome: Equatable {
  case claimed
  case taken
  case never
  case outside
  case closed
  case draining
  case excluded
}

extension AddressRange {
  /// Takes the next address and keeps it.
  func next(now: Int64 = 0) -> IPAddress? {
    guard let claim = claimAutomatic(now: now) else { return nil }
    let address = claim.address
    claim.commit()
    return address
  }

  /// The next addresses as texts; fewer when the range is exhausted.
  func next(_ count: Int, now: Int64 = 0) -> [String] {
    (0..<count).compactMap { _ in next(now: now)?.description }
  }

  func take(_ text: String, now: Int64 = 0) throws -> Outcome {
    switch claim(try address(text), now: now) {
    case .claimed(let claim):
      #expect(claim.address.description == text)
      claim.commit()
      return .claimed
    case .taken: return .taken
    case .never: return .never
    case .outside: return .outside
    case .closed: return .closed
    case .draining: return .draining
    case .excluded: return .excluded
    }
  }

  func release(_ text: String, now: Int64 = 0) throws {
    release(try address(text), now: now)
  }

  func state(_ text: String, now: Int64 = 0) throws -> AddressState {
    state(of: try address(text), now: now)
  }
}

/// Runs `body` on as many threads at once, and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    Thread.detachNewThread {
      body(index)
      group.leave()
    }
  }
  group.wait()
}

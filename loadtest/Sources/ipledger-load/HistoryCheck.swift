import Addressing

/// Holds everything that was acknowledged against what may not be: an address with two holders at
/// one time, half a pair, another address for the same request, an address of another block.
///
/// What is acknowledged is held from its answer until its release is asked for: in that time the
/// server held it too, so whoever else is acknowledged the same address then is a second holder.
/// Nothing that is allowed is accused.
struct HistoryCheck {
  private let nodes: Int
  /// Whether pods and Services are to have an address of each family, where there is a block.
  private let wants: (ipv4: Bool, ipv6: Bool)
  /// Two for each node, and two for Services: IPv4 first.
  private var tables: [HolderTable?]
  private var pods: Holdings
  private var services: Holdings
  /// What is being released, by number.
  private var leaving: [Int: Holdings.Holding] = [:]

  private(set) var acknowledged = 0
  private(set) var violations = 0
  /// The first of them.
  private(set) var samples: [String] = []
  private static let mostSamples = 10

  /// - Parameter stride: see `Turnover`; nil when no pod has a successor.
  init(nodes: Int, families: [String], stride: Int?) {
    self.nodes = nodes
    wants = (
      ipv4: families.isEmpty || families.contains("IPv4"),
      ipv6: families.isEmpty || families.contains("IPv6")
    )
    tables = Array(repeating: nil, count: 2 * (nodes + 1))
    pods = Holdings(stride: stride)
    services = Holdings(stride: stride)
  }

  /// What should be there now, to be read back.
  var heldPods: [Int] { pods.numbers }
  var heldServices: [Int] { services.numbers }

  mutating func asked(_ request: Request) {
    let holding: Holdings.Holding?
    switch request.operation {
    case .release: holding = pods.take(request.number)
    case .releaseService: holding = services.take(request.number)
    default: return
    }
    guard let holding else { return }
    leaving[request.number] = holding
    let first = firstTable(request)
    if holding.ipv4 != Holdings.Holding.none { tables[first]?.free(holding.ipv4) }
    if holding.ipv6 != Holdings.Holding.none { tables[first + 1]?.free(holding.ipv6) }
  }

  mutating func answered(
    _ request: Request, _ line: Range<Int>, in region: borrowing ByteRegion, isError: Bool
  ) {
    switch request.operation {
    case .describeServer where !isError:
      note(AddressList.blocks("\"serviceClusterIPRanges\":[", line, in: region), at: 2 * nodes)
    case .register where !isError:
      note(AddressList.blocks("\"podCIDRs\":[", line, in: region), at: 2 * request.number)
    case .reserve, .reserveAgain, .reserveService:
      if !isError { acknowledge(request, line, in: region) }
    case .get, .getService:
      if isError {
        accuse("\(Self.owner(request)) was acknowledged, and is not there")
      } else {
        acknowledge(request, line, in: region)
      }
    case .release, .releaseService:
      let left = leaving.removeValue(forKey: request.number)
      if !isError, let left { compare(request, left, line, in: region) }
    case .register, .describeServer, .authenticate, .releaseNode:
      break
    }
  }

  private mutating func note(_ blocks: [CIDR]?, at first: Int) {
    for block in blocks ?? [] {
      let place = first + (block.family == .ipv4 ? 0 : 1)
      if tables[place] == nil { tables[place] = HolderTable(block: block) }
    }
  }

  private mutating func acknowledge(
    _ request: Request, _ line: Range<Int>, in region: borrowing ByteRegion
  ) {
    if request.operation != .get, request.operation != .getService { acknowledged += 1 }
    guard
      let holding = holding(
        request, request.isForService ? "\"clusterIPs\":[" : "\"podIPs\":[", line, in: region)
    else { return }
    let known = request.isForService ? services[request.number] : pods[request.number]
    if let known {
      if known != holding {
        accuse(
          "\(Self.owner(request)) was asked for again and answered other addresses", line,
          in: region)
      }
      return
    }
    if request.isForService { services.keep(holding) } else { pods.keep(holding) }
    let first = firstTable(request)
    hold(holding.ipv4, first, request)
    hold(holding.ipv6, first + 1, request)
  }

  private mutating func hold(_ offset: UInt64, _ table: Int, _ request: Request) {
    guard offset != Holdings.Holding.none else { return }
    if let holder = tables[table]?.holder(offset), let block = tables[table]?.block {
      let other = Request(request.operation, holder)
      let address = block.address(at: UInt128(offset))
      accuse(
        "\(address) was acknowledged to \(Self.owner(request)) while \(Self.owner(other)) held it")
    }
    tables[table]?.hold(offset, by: request.number)
  }

  /// What was released is what was held.
  private mutating func compare(
    _ request: Request, _ left: Holdings.Holding, _ line: Range<Int>,
    in region: borrowing ByteRegion
  ) {
    if holding(request, "\"released\":[", line, in: region).map({ $0 != left }) ?? false {
      accuse("\(Self.owner(request)) was released with other addresses", line, in: region)
    }
  }

  /// The addresses of an answer as offsets; nil when they are accused already.
  private mutating func holding(
    _ request: Request, _ name: StaticString, _ line: Range<Int>,
    in region: borrowing ByteRegion
  ) -> Holdings.Holding? {
    let list = AddressList(name, line, in: region)
    let first = firstTable(request)
    guard list.isWhole, isExpected(list.ipv4, first, wants.ipv4),
      isExpected(list.ipv6, first + 1, wants.ipv6)
    else {
      accuse("\(Self.owner(request)) has not one address of each family", line, in: region)
      return nil
    }
    var holding = Holdings.Holding(number: request.number)
    for address in [list.ipv4, list.ipv6] {
      guard let address else { continue }
      let table = tables[first + (address.family == .ipv4 ? 0 : 1)]
      guard let offset = table?.block.offset(of: address) else {
        accuse("\(address) of \(Self.owner(request)) is in no block that it may be of")
        return nil
      }
      if address.family == .ipv4 {
        holding.ipv4 = UInt64(truncatingIfNeeded: offset)
      } else {
        holding.ipv6 = UInt64(truncatingIfNeeded: offset)
      }
    }
    return holding
  }

  private func isExpected(_ address: IPAddress?, _ table: Int, _ isWanted: Bool) -> Bool {
    (address != nil) == (isWanted && tables[table] != nil)
  }

  private func firstTable(_ request: Request) -> Int {
    2 * (request.isForService ? nodes : request.number % nodes)
  }

  private static func owner(_ request: Request) -> String {
    request.isForService ? "Service \(request.number)" : "pod-\(request.number)"
  }

  private mutating func accuse(_ text: @autoclosure () -> String) {
    violations += 1
    if samples.count < Self.mostSamples { samples.append(text()) }
  }

  private mutating func accuse(
    _ text: @autoclosure () -> String, _ line: Range<Int>, in region: borrowing ByteRegion
  ) {
    violations += 1
    if samples.count < Self.mostSamples { samples.append("\(text()): \(region.text(line))") }
  }
}

extension Request {
  var isForService: Bool {
    switch operation {
    case .reserveService, .releaseService, .getService: true
    default: false
    }
  }
}

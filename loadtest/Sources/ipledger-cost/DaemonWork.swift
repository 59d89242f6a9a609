import Daemon
import Glibc

/// The whole daemon, with one client that sends a turn's lines at once and waits for all answers:
/// so each turn, and each commit, is the same size.
enum DaemonWork {
  static func reserve(_ count: Int, folder: String) throws -> Int {
    let socket = folder + "/s.sock"
    let read = { @Sendable () throws(ConfigurationRefusal) in
      try DaemonConfiguration.load(
        flags: [
          .ledger: [folder + "/ledger.db"], .listen: ["unix:" + socket],
          .clusterCIDR: ["10.0.0.0/8,fd00:10:244::/48"], .nodeCIDRMaskSizeIPv4: ["18"],
          .logLevel: ["error"],
        ], configPaths: [])
    }
    let configuration = try read()
    Task.detached {
      exit(await Daemon.run(configuration, reread: read))
    }
    let client = try TurnClient(socket)
    var request = Array((0..<Workload.turn).map { Workload.registerLine($0) }.joined().utf8)
    var answers = [UInt8](repeating: 0, count: 1 << 16)
    var bytes = try client.exchange(request, &answers)
    var workload = Workload()
    for start in stride(from: 0, to: count, by: Workload.turn) {
      request.removeAll(keepingCapacity: true)
      for number in start..<(start + Workload.turn) {
        workload.number(number)
        request.append(contentsOf: workload.line)
      }
      bytes += try client.exchange(request, &answers)
    }
    return bytes
  }
}

/// A blocking client of one connection.
struct TurnClient {
  /// What the daemon did not do.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let descriptor: Int32

  /// Connects as soon as the daemon listens, within two minutes: it may run a hundred times slower.
  init(_ path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(description: "the folder's name is too long for a socket in it")
    }
    // Safe: the path fits, by the condition above, and what is behind it is zero.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    for _ in 0..<2400 {
      // Safe: the kernel reads the address, which is as long as it is told, during the call.
      let status = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(descriptor, $0, size)
        }
      }
      if status == 0 { return }
      usleep(50_000)
    }
    throw Failure(description: "the daemon does not listen")
  }

  /// Sends a turn's lines in one write, and reads as many answers into `answer`, which has room for
  /// what comes at once; answers how many bytes there were.
  func exchange(_ request: [UInt8], _ answer: inout [UInt8]) throws -> Int {
    var sent = 0
    while sent < request.count {
      // Safe: the kernel reads what is left of the array during the call.
      let count = unsafe request[sent...].withUnsafeBytes {
        unsafe send(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { throw Failure(description: "the daemon takes nothing") }
      sent += count
    }
    var bytes = 0
    var due = Workload.turn
    while due > 0 {
      // Safe: the kernel writes no more than the array has room for, during the call.
      let count = unsafe answer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { throw Failure(description: "the daemon closed the connection") }
      guard !answer[..<count].starts(with: Self.error) else {
        throw Failure(description: String(decoding: answer[..<count], as: UTF8.self))
      }
      bytes += count
      due -= Self.lines(answer, count)
    }
    return bytes
  }

  /// How many lines end in the first bytes: counted by the C library, as what is measured is not
  /// the client.
  private static func lines(_ bytes: [UInt8], _ count: Int) -> Int {
    // Safe: `memchr` looks at bytes of the array alone, during the call.
    unsafe bytes.withUnsafeBytes { bytes in
      var lines = 0
      var start = 0
      while let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, 0x0A, count - start)
      {
        lines += 1
        start = unsafe base.distance(to: found) + 1
      }
      return lines
    }
  }

  private static let error = Array(#"{"jsonrpc":"2.0","id":null"#.utf8)
}

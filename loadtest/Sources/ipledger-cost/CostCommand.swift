import ArgumentParser

/// The program: does one thing a number of times, for whoever counts its instructions.
///
/// Two runs with different numbers tell what one time costs, without the start and the end.
@main struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipledger-cost",
    abstract: "Do one part of the daemon's work a number of times, under an instruction counter.")

  @Argument(help: "What to do.")
  var part: Part

  @Argument(help: "How many times, in steps of 64.")
  var count: Int

  @Argument(help: "An empty folder, for the parts that need a ledger.")
  var folder: String

  func validate() throws {
    guard count >= 0, count % Workload.turn == 0 else {
      throw ValidationError("the number of times is a multiple of \(Workload.turn)")
    }
  }

  func run() throws {
    // What is computed is printed: nothing is optimised away.
    print(try part.run(count, folder: folder))
  }
}

/// A part of the work for one `pod.reserve`.
enum Part: String, CaseIterable, ExpressibleByArgument {
  case decodeReserve = "decode-reserve"
  case encodeReserve = "encode-reserve"
  case claimPair = "claim-pair"
  case engineReserve = "engine-reserve"
  case ledgerAppend = "ledger-append"
  case daemonReserve = "daemon-reserve"

  func run(_ count: Int, folder: String) throws -> Int {
    switch self {
    case .decodeReserve: try CodecWork.decode(count)
    case .encodeReserve: CodecWork.encode(count)
    case .claimPair: EngineWork.claimPairs(count)
    case .engineReserve: try EngineWork.reserve(count)
    case .ledgerAppend: try EngineWork.append(count, folder: folder)
    case .daemonReserve: try DaemonWork.reserve(count, folder: folder)
    }
  }
}

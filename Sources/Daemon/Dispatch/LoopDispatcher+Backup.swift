import Addressing
import Allocation
import LineProtocol
import SQLiteLedger
import Transport

extension LoopDispatcher {
  /// One copy at a time, on a thread of its own: followers go on being read to.
  func backUpLedger(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(LedgerBackupParams.self, request, line)
    try read(for: .answer(request.reply, request.head.method), by: context.copies) { reader in
      do throws(BackupFailure) {
        let copy = try reader.backUp(to: params.path)
        return .result(
          LedgerBackupResult(path: params.path, revision: copy.revision, bytes: copy.bytes))
      } catch {
        return .error(Self.refusal(error, params.path))
      }
    }
    request.reply.postpone()
  }

  /// Beside everything else, on the same thread as copies.
  func verifyLedger(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    _ = try params(NoParams.self, request, line)
    let engine = engine
    try read(for: .answer(request.reply, request.head.method), by: context.copies) {
      reader throws(LedgerFailure) in
      let census = engine.takeCensus()
      let verdict = try reader.verify(census)
      return .result(
        LedgerVerifyResult(
          problems: verdict.problems, records: verdict.records, revision: census.revision))
    }
    request.reply.postpone()
  }

  private static func refusal(_ failure: BackupFailure, _ path: String) -> ErrorReply {
    switch failure {
    case .exists:
      .conflict("\(path) is there already: name a new file", revision: nil, owner: nil)
    case .impossible(let reason): .invalidParams([Cause("path", .invalid, reason)])
    case .ledger(let cause): .ledgerUnavailable(cause: cause)
    }
  }
}

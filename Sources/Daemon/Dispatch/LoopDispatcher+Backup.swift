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

  private static func refusal(_ failure: BackupFailure, _ path: String) -> ErrorReply {
    switch failure {
    case .exists:
      .conflict("\(path) is there already: name a new file", revision: nil, owner: nil)
    case .impossible(let reason): .invalidParams([Cause("path", .invalid, reason)])
    case .ledger(let cause): .ledgerUnavailable(cause: cause)
    }
  }
}

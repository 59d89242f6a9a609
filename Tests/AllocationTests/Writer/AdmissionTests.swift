import Testing

@testable import Allocation

@Suite struct AdmissionTests {
  @Test func `an unavailable ledger refuses until it heals`() throws {
    let admission = Admission()
    try admission.check(inFlight: 0)
    admission.suspend(cause: "full")
    #expect(!admission.isOpen)
    #expect(throws: Refusal.ledger(.unavailable(cause: "full"))) {
      try admission.check(inFlight: 0)
    }
    admission.resume()
    try admission.check(inFlight: 0)
  }

  @Test func `more changes in flight than the limit are refused as Overloaded`() throws {
    let admission = Admission()
    try admission.check(inFlight: Admission.mostChanges - 1)
    #expect(throws: Refusal.overloaded) {
      try admission.check(inFlight: Admission.mostChanges)
    }
  }

  @Test func `nothing leads back from shutting down`() {
    let admission = Admission()
    admission.shutDown()
    admission.suspend(cause: "full")
    admission.resume()
    #expect(throws: Refusal.shuttingDown) { try admission.check(inFlight: 0) }
    #expect(admission.failure == nil)
  }

  @Test func `nothing leads back from a commit that failed half-way, not even shutting down`() {
    let admission = Admission()
    admission.fail(cause: "fsync")
    admission.resume()
    admission.shutDown()
    #expect(admission.failure == .unknown(cause: "fsync"))
    #expect(throws: Refusal.ledger(.unknown(cause: "fsync"))) {
      try admission.check(inFlight: 0)
    }
  }
}

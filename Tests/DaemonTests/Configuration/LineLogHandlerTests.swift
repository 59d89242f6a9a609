import Foundation
import Logging
import Synchronization
import Testing

@testable import Daemon

@Suite struct LineLogHandlerTests {
  private func line(
    _ style: LogStyle, _ message: String, _ pairs: Logger.Metadata = [:]
  ) -> String {
    LineLogHandler(level: .info, style: style)
      .line(.warning, message, pairs, at: Date(timeIntervalSince1970: 1_767_323_045.625))
  }

  @Test func `a line for people has a time, a level, the message and its pairs by name`() {
    #expect(
      line(.timestamped, "ledger opened", ["path": "/x", "bytes": "12"])
        == "2026-01-02T03:04:05.625Z warning ledger opened bytes=12 path=/x")
  }

  @Test func `a line for the journal has a priority and no time`() {
    #expect(line(.journal, "ledger opened") == "<4>ledger opened")
  }

  @Test(arguments: [
    ("", #""""#),
    ("a b", #""a b""#),
    ("a=b", #""a=b""#),
    (#"say "x""#, #""say \"x\"""#),
    ("a\nb\u{1b}", #""a\nb\u{1b}""#),
    ("fd00::1", "fd00::1"),
  ])
  func `a value that would not stand alone is put into quotes`(_ value: String, _ text: String) {
    #expect(line(.journal, "m", ["v": "\(value)"]) == "<4>m v=\(text)")
  }

  @Test func `whatever a message holds, it is one line`() {
    #expect(line(.journal, "a\r\nb\u{2028}c") == #"<4>a\r\nb\u{2028}c"#)
  }

  @Test(arguments: [
    ("8:4242" as String?, "socket:[4242]", LogStyle.journal),
    ("8:4242", "socket:[4243]", .timestamped),
    ("8:4242", "/dev/pts/1", .timestamped),
    (nil, "socket:[4242]", .timestamped),
  ])
  func `the journal's style is for the journal's own stream`(
    _ stream: String?, _ standardError: String, _ style: LogStyle
  ) {
    let environment = stream.map { ["JOURNAL_STREAM": $0] } ?? [:]
    #expect(LogStyle.detect(environment: environment, standardError: standardError) == style)
  }

  @Test func `a logger writes from its level up, with its own pairs and the event's`() {
    let lines = Mutex<[String]>([])
    let collect: @Sendable (String) -> Void = { text in lines.withLock { $0.append(text) } }
    let handler = LineLogHandler(level: .notice, style: .journal, write: collect)
    var logger = Logger(label: "test") { _ in handler }
    logger[metadataKey: "a"] = "1"
    logger.info("too little")
    logger.notice("enough", metadata: ["a": "2", "b": "3"])
    logger.error("more")
    #expect(lines.withLock { $0 } == ["<5>enough a=2 b=3", "<3>more a=1"])
  }
}

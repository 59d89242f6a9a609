import FaultKit
import Foundation
import Testing

@Suite struct MapTests {
  private func client() throws -> ClientProgram {
    let client = try ClientProgram()
    try client.expect("node", "register", "worker-1")
    for name in ["a", "b", "c"] {
      try client.expect("pod", "reserve", name, "--node", "worker-1")
    }
    try client.expect("pod", "release", "b")
    try client.expect("range", "exclude", "10.244.0.128/30")
    return client
  }

  @Test func `a node's block is drawn address by address`() throws {
    let client = try client()
    let run = try client.expect("map", "10.244.0.0/24")
    let dots = { String(repeating: "·", count: $0) }
    #expect(
      run.lines == [
        "10.244.0.0/24  a cell is one address",
        "10.244.0.0    --█~█\(dots(59))",
        "10.244.0.64   \(dots(64))",
        "10.244.0.128  xxxx\(dots(60))",
        "10.244.0.192  \(dots(63))-",
        "· free   ░▒▓█ used 2   ~ resting 1   x excluded 4   - never 3",
      ], "\(run.output)")
  }

  @Test func `a large range is drawn up to what is used of it`() throws {
    let client = try client()
    let six = try client.expect("map", "fd00:10:244::/64")
    #expect(six.lines.count == 6)
    #expect(
      six.lines[0].contains("drawn up to fd00:10:244::ff, all behind it is free"), "\(six.output)")
    let blocks = try client.expect("map", "10.244.0.0/16")
    #expect(blocks.lines[0].contains("a cell is one node block"))
    #expect(blocks.lines[1].hasSuffix("█" + String(repeating: "·", count: 63)), "\(blocks.output)")
    try client.expect("service", "reserve", "a")
    let services = try client.expect("map", "service-ipv4", "-o", "json")
    #expect(services.json?["unitsPerCell"]?.text == "32")
    #expect(services.json?["items"]?.list?.contains { $0["used"]?.int == 1 } == true)
  }

  @Test func `what is far behind what is used is found, or said not to be looked for`() throws {
    let client = try ClientProgram(
      .dual.with { $0.yaml = "pools: [{name: big, cidrs: [10.64.0.0/12, 'fd00:64::/64']}]" })
    try client.expect("node", "register", "w")
    try client.expect("pod", "reserve", "a", "--node", "w", "--network", "big")
    try client.expect("range", "exclude", "10.65.1.0/31", "fd00:64::8000:0/127")
    let all = try client.expect("map", "10.64.0.0/12", "-o", "json")
    #expect(all.json?["notDrawn"] == "0")
    #expect(
      all.json?["items"]?.list?.contains { $0["first"] == "10.65.1.0" && $0["excluded"] == 2 }
        == true, "\(all.output)")
    let some = try client.expect("map", "10.64.0.0/12", "--ask", "65536")
    #expect(some.lines[0].contains("drawn up to 10.64.0.255"), "\(some.output)")
    #expect(!some.lines[0].contains("free"))
    #expect(some.lines[1].hasPrefix("not drawn: 2 more that are kept, resting or excluded"))
    let six = try client.expect("map", "fd00:64::/64", "--ask", "100", "-o", "json")
    #expect(six.json?["notDrawn"] == "2")
    #expect(try client("map", "big-ipv4", "--ask", "-1").status == .exited(64))
  }

  @Test func `a picture is written whole, as SVG and as PNG`() throws {
    let client = try client()
    let svg = client.daemon.folder.file("m.svg")
    try client.expect("map", "10.244.0.0/24", "--out", svg)
    let text = try String(contentsOfFile: svg, encoding: .utf8)
    #expect(text.contains("<title>10.244.0.128: 1 excluded</title>"))
    #expect(text.hasSuffix("</svg>\n"))
    let png = client.daemon.folder.file("m.png")
    try client.expect("map", "10.244.0.0/24", "--out", png)
    let check = try ChildProcess.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import sys, struct, zlib
        data = open(sys.argv[1], 'rb').read()
        assert data[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10])
        place, pixels = 8, b''
        while place < len(data):
            size, = struct.unpack('>I', data[place:place + 4])
            body = data[place + 4:place + 8 + size]
            assert struct.unpack('>I', data[place + 8 + size:place + 12 + size])[0] == zlib.crc32(body)
            if body[:4] == b'IHDR': width, height = struct.unpack('>II', body[4:12])
            if body[:4] == b'IDAT': pixels += body[4:]
            place += 12 + size
        rows = zlib.decompress(pixels)
        assert len(rows) == height * (3 * width + 1)
        at = lambda x, y: tuple(rows[y * (3 * width + 1) + 1 + 3 * x:][:3])
        # The last two: in the first letter, a 1, and in that of the legend, an f.
        print(at(16, 44), at(16 + 2 * 14, 44), at(0, 0), at(20, 16), at(36, height - 25))
        """, png,
      ])
    let ink = "(36, 41, 47) (36, 41, 47)"
    #expect(
      check.output == "(120, 126, 134) (0, 114, 178) (255, 255, 255) \(ink)\n", "\(check.errors)")
  }

  @Test func `what cannot be drawn or written is said`() throws {
    let client = try ClientProgram()
    #expect(try client("map", "10.9.0.0/16").status == .exited(66))
    #expect(try client("map", "service-ipv4", "--out", "x.gif").status == .exited(64))
    let run = try client("map", "service-ipv4", "--out", "/nowhere/x.svg")
    #expect(run.status == .exited(73))
    #expect(run.errors.contains("/nowhere/x.svg cannot be written"), "\(run.errors)")
  }
}

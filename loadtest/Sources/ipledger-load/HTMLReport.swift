import Foundation

/// A report as one page that needs nothing else: no network, no script.
struct HTMLReport {
  let title: String
  let report: Report

  var text: String {
    """
    <!doctype html>
    <html lang="en">
    <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>\(title.escapedForHTML)</title>
    <style>\(Self.style)</style></head>
    <body>
    <h1>\(title.escapedForHTML)</h1>
    <p class="facts">\(facts.escapedForHTML)</p>
    \(table)
    \(report.phases.map(section).joined(separator: "\n"))
    </body></html>

    """
  }

  private var facts: String {
    let machine = report.machine
    let memory = Double(machine.memoryBytes) / Double(1 << 30)
    return "\(report.started.formatted(.iso8601)), \(machine.processors) × \(machine.processor), "
      + "\(fixed(memory, 1)) GiB, Linux \(machine.kernel). The load ran on this machine; figures "
      + "of different machines are not for comparison."
  }

  private var table: String {
    let head = [
      "phase", "mode", "clients", "depth", "to send/s", "answers", "answers/s", "p50", "p99",
      "p99.9", "max", "errors", "violations",
    ]
    let rows = report.phases.map { phase in
      let latency = phase.latency
      var cells = [phase.name, phase.mode, "\(phase.clients)", "\(phase.depth)"]
      cells += [phase.rate.map(brief) ?? "–", "\(phase.answers)", whole(phase.perSecond)]
      cells += [latency.p50, latency.p99, latency.p999, latency.max].map(duration)
      cells += ["\(phase.failed)", phase.check.map { "\($0.violations)" } ?? "–"]
      return Self.row(cells, cell: "td", isBad: !phase.isClean)
    }
    return "<table>\(Self.row(head, cell: "th"))\(rows.joined(separator: "\n"))</table>"
  }

  private func section(_ phase: PhaseResult) -> String {
    let head = ["method", "answers", "p50", "p90", "p99", "p99.9", "max"]
    let rows = phase.operations.map { operation in
      let latency = operation.latency
      let values = [latency.p50, latency.p90, latency.p99, latency.p999, latency.max]
      return Self.row([operation.name, "\(latency.count)"] + values.map(duration), cell: "td")
    }
    let notes = phase.notes.map { "<li>\($0.escapedForHTML)</li>" }.joined()
    return """
      <section><h2>\(phase.name.escapedForHTML)</h2>
      <table>\(Self.row(head, cell: "th"))\(rows.joined(separator: "\n"))</table>
      <ul>\(notes)</ul>
      <div class="charts">\(phase.charts.map(\.svg).joined(separator: "\n"))</div></section>
      """
  }

  private static func row(_ cells: [String], cell: String, isBad: Bool = false) -> String {
    let inner = cells.map { "<\(cell)>\($0.escapedForHTML)</\(cell)>" }.joined()
    return "<tr\(isBad ? " class=\"bad\"" : "")>\(inner)</tr>"
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c2128; --dim: #5b6570; --paper: #ffffff;
      --rule: #dde2e7; --bad: #fdecea; --c0: #1f6feb; --c1: #b35900; --c2: #8250df; --c3: #cf222e; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa5b1;
      --paper: #0f141a; --rule: #2b333c; --bad: #3d1d1d; --c0: #58a6ff; --c1: #f0a35e;
      --c2: #bc8cff; --c3: #ff7b72; } }
    body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper);
      max-width: 1360px; margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
    .facts, ul { color: var(--dim); } ul { padding-left: 1.2rem; }
    table { border-collapse: collapse; display: block; overflow-x: auto; margin: .8rem 0;
      font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid var(--rule);
      white-space: nowrap; }
    th { color: var(--dim); font-weight: 600; } th:first-child, td:first-child { text-align: left; }
    tr.bad td { background: var(--bad); }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr));
      gap: 1rem; } figure { margin: 0; }
    svg { width: 100%; height: auto; border: 1px solid var(--rule); border-radius: 6px; }
    svg text { font: 12px system-ui, sans-serif; fill: var(--dim); }
    svg text.title { font-size: 13px; font-weight: 600; fill: var(--ink); }
    .grid { stroke: var(--rule); } .line { fill: none; stroke-width: 1.8; }
    .area { opacity: .16; } rect, circle, .area { stroke: none; }
    .s0 { stroke: var(--c0); fill: var(--c0); } .s1 { stroke: var(--c1); fill: var(--c1); }
    .s2 { stroke: var(--c2); fill: var(--c2); } .s3 { stroke: var(--c3); fill: var(--c3); }
    .line.s0, .line.s1, .line.s2, .line.s3 { fill: none; }
    circle { stroke: none !important; }
    @media print { body { max-width: none; } section { break-inside: avoid; } }
    """
}

import Addressing
import IPLedgerClient

extension AddressMap {
  /// The map for a terminal, 64 cells a row, with a legend below.
  func text(_ palette: Palette) -> String {
    let rows = stride(from: 0, to: cells.count, by: Self.rowCells).map { start in
      start..<min(start + Self.rowCells, cells.count)
    }
    let labels = rows.map { "\(bounds(of: $0.lowerBound).first)" }
    let width = labels.map(\.columns).max() ?? 0
    let lines = zip(rows, labels).map { row, label in
      palette.faint(label.padded(to: width)) + "  " + row.map { symbol($0, palette) }.joined()
    }
    return ([heading(palette)] + lines + [legend(palette)]).joined(separator: "\n") + "\n"
  }

  private func heading(_ palette: Palette) -> String {
    let last = bounds(of: cells.count - 1).last
    let rest = unseen > 0 ? "" : ", all behind it is free"
    return palette.bold("\(cidr)") + "  \(scale)" + (isCut ? "; drawn up to \(last)\(rest)" : "")
      + (unseenText.map { "\n\($0)" } ?? "")
  }

  /// What is not drawn; nil when all is.
  var unseenText: String? {
    guard unseen > 0 else { return nil }
    return "not drawn: \(unseen) more that are kept, resting or excluded; --ask finds some of them"
  }

  /// What a cell stands for.
  var scale: String {
    let unit = unitBits > 0 ? "node block" : "address"
    guard unitsPerCell > 1 else { return "a cell is one \(unit)" }
    return "a cell is \(unitsPerCell) \(unit)\(unitBits > 0 ? "s" : "es")"
  }

  private func legend(_ palette: Palette) -> String {
    let parts = Mark.allCases.map { mark in
      "\(palette.paint(Self.legendSymbol(mark), Self.code(mark))) \(mark.rawValue) \(total(mark))"
    }
    return ([palette.faint("·") + " free"] + parts).joined(separator: "   ")
  }

  private static func legendSymbol(_ mark: Mark) -> String {
    mark == .used ? "░▒▓█" : symbol(mark)
  }

  private static func symbol(_ mark: Mark) -> String {
    switch mark {
    case .used: "█"
    case .resting: "~"
    case .excluded: "x"
    case .never: "-"
    }
  }

  private static func code(_ mark: Mark) -> String {
    switch mark {
    case .used: "32"
    case .resting: "33"
    case .excluded: "31"
    case .never: "2"
    }
  }

  private func symbol(_ cell: Int, _ palette: Palette) -> String {
    guard let mark = dominant(cell) else { return palette.faint("·") }
    guard mark == .used else { return palette.paint(Self.symbol(mark), Self.code(mark)) }
    let share = share(of: cell)
    let shade = share > 0.75 ? "█" : share > 0.5 ? "▓" : share > 0.25 ? "▒" : "░"
    return palette.paint(shade, Self.code(.used))
  }

  /// What a cell shows: who is there, else why nobody is.
  func dominant(_ cell: Int) -> Mark? {
    if cells[cell][.used] > 0 { return .used }
    let others = cells[cell].counts.filter { $0.value > 0 }
    // One broadcast address does not colour a block of a thousand.
    return others.filter { $0.key != .never || unitsPerCell == 1 }
      .max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
  }

  /// The cells that are not all free, for programs.
  var json: JSON {
    let items = cells.indices.filter { !cells[$0].isFree }.map { cell -> JSON in
      let (first, last) = bounds(of: cell)
      let counts = Mark.allCases.map { mark in
        JSON.Member(mark.rawValue, .int(Int64(cells[cell][mark])))
      }
      let place: JSON = ["first": .string("\(first)"), "last": .string("\(last)")]
      return place.merging(.object(counts))
    }
    return [
      "cidr": .string("\(cidr)"), "unit": unitBits > 0 ? "block" : "address",
      "unitsPerCell": .string("\(unitsPerCell)"), "cells": .int(Int64(cells.count)),
      "notDrawn": .string("\(unseen)"), "items": .array(items),
    ]
  }
}

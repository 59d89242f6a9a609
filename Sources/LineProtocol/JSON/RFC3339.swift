/// Times as RFC 3339 writes them, to the millisecond.
package enum RFC3339 {
  private static let dayMilliseconds: Int64 = 86_400_000

  /// Milliseconds since 1970 of the whole of `text`; nil when that is no time.
  ///
  /// What is finer than a millisecond is cut off. A leap second is the first one of the next day.
  package static func milliseconds(_ text: Span<UInt8>) -> Int64? {
    guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] | 0x20 == UInt8(ascii: "t"), text[13] == UInt8(ascii: ":"),
      text[16] == UInt8(ascii: ":"),
      let century = text.twoDigits(at: 0), let yearOfCentury = text.twoDigits(at: 2),
      let month = text.twoDigits(at: 5), let day = text.twoDigits(at: 8),
      let hour = text.twoDigits(at: 11), let minute = text.twoDigits(at: 14),
      let second = text.twoDigits(at: 17)
    else { return nil }
    let year = century * 100 + yearOfCentury
    guard (1...12).contains(month), (1...daysInMonth(year, month)).contains(day), hour <= 23,
      minute <= 59, second <= 60
    else { return nil }
    var index = 19
    guard let fraction = fraction(text, &index), let offset = offset(text, &index),
      index == text.count
    else { return nil }
    let seconds = hour * 3600 + minute * 60 + second - offset * 60
    let time = days(year, month, day) * dayMilliseconds + seconds * 1000
    if second == 60 {
      guard time % dayMilliseconds == 0, civil(time / dayMilliseconds).day == 1 else { return nil }
    }
    return time + fraction
  }

  /// The milliseconds of a fraction at `index`, which is moved behind it; 0 when there is none.
  private static func fraction(_ text: Span<UInt8>, _ index: inout Int) -> Int64? {
    guard text.byte(at: index) == UInt8(ascii: ".") else { return 0 }
    index += 1
    let start = index
    var milliseconds: Int64 = 0
    var unit: Int64 = 100
    while case let digit = text.byte(at: index) &- UInt8(ascii: "0"), digit <= 9 {
      milliseconds += Int64(digit) * unit
      unit /= 10
      index += 1
    }
    return index > start ? milliseconds : nil
  }

  /// The minutes that the zone at `index`, which is moved behind it, is ahead of UTC.
  private static func offset(_ text: Span<UInt8>, _ index: inout Int) -> Int64? {
    let sign = text.byte(at: index)
    index += 1
    if sign | 0x20 == UInt8(ascii: "z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), index + 5 <= text.count,
      let hours = text.twoDigits(at: index), text[index + 2] == UInt8(ascii: ":"),
      let minutes = text.twoDigits(at: index + 3), hours <= 23, minutes <= 59
    else { return nil }
    index += 5
    return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
  }

  private static func daysInMonth(_ year: Int64, _ month: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}

extension RFC3339 {
  /// The times that can be written: the years 0 to 9999.
  private static let writable =
    days(0, 1, 1) * dayMilliseconds...days(10_000, 1, 1) * dayMilliseconds - 1

  /// Appends `2026-01-02T03:04:05.678Z`, always with three digits and in UTC.
  ///
  /// A time outside the years 0 to 9999, which only a broken clock tells, is the nearest in them.
  package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    let time = min(max(milliseconds, writable.lowerBound), writable.upperBound)
    var day = time / dayMilliseconds
    var rest = time % dayMilliseconds
    if rest < 0 {
      rest += dayMilliseconds
      day -= 1
    }
    let date = civil(day)
    bytes.appendDigits(date.year, 4)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDigits(date.month, 2)
    bytes.append(UInt8(ascii: "-"))
    bytes.appendDigits(date.day, 2)
    bytes.append(UInt8(ascii: "T"))
    bytes.appendDigits(rest / 3_600_000, 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDigits(rest / 60_000 % 60, 2)
    bytes.append(UInt8(ascii: ":"))
    bytes.appendDigits(rest / 1000 % 60, 2)
    bytes.append(UInt8(ascii: "."))
    bytes.appendDigits(rest % 1000, 3)
    bytes.append(UInt8(ascii: "Z"))
  }

  // Years are counted from March on, so that the leap day comes last, in cycles of 400 years, which
  // have 146,097 days each. 1970-01-01 is day 719,468 of the count that starts on 0000-03-01.

  /// Days since 1970 of a date from the year 0 on.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year + 399 : year + 400
    let (cycle, yearOfCycle) = (shifted / 400, shifted % 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return (cycle - 1) * 146_097 + dayOfCycle - 719_468
  }

  /// The date that lies so many days behind 1970-01-01.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468 + 146_097
    let (cycle, dayOfCycle) = (shifted / 146_097, shifted % 146_097)
    let yearOfCycle =
      (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return ((cycle - 1) * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
  }
}

extension Span<UInt8> {
  fileprivate func twoDigits(at index: Int) -> Int64? {
    let tens = byte(at: index) &- UInt8(ascii: "0")
    let ones = byte(at: index + 1) &- UInt8(ascii: "0")
    return tens <= 9 && ones <= 9 ? Int64(tens) * 10 + Int64(ones) : nil
  }
}

extension [UInt8] {
  /// Appends the last `count` decimal digits of a number that is not negative.
  fileprivate mutating func appendDigits(_ number: Int64, _ count: Int) {
    var unit: Int64 = 1
    for _ in 1..<count { unit *= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") + UInt8(number / unit % 10))
      unit /= 10
    }
  }
}

package import VRRPWire

// How numbers and names read in summaries and explanations.

/// `640 ms`, `3.65 s`, `2 min 5 s`.
package func text(_ span: TimeSpan) -> String {
    let magnitude = span.magnitude.nanoseconds
    let sign = span < .zero ? "−" : ""
    switch magnitude {
    case ..<10_000_000: return sign + decimal(magnitude, unit: 1_000_000, places: 1) + " ms"
    case ..<1_000_000_000: return sign + decimal(magnitude, unit: 1_000_000, places: 0) + " ms"
    case ..<60_000_000_000: return sign + decimal(magnitude, unit: 1_000_000_000, places: 2) + " s"
    default:
        let seconds = magnitude / 1_000_000_000
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return sign + (hours > 0 ? "\(hours) h \(minutes) min" : "\(minutes) min \(seconds % 60) s")
    }
}

/// A quotient rounded half up, with trailing zeros dropped.
private func decimal(_ value: Int64, unit: Int64, places: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<places { scale *= 10 }
    let (quotient, remainder) = (value / unit, value % unit)
    let fraction = (remainder * scale + unit / 2) / unit
    let whole = quotient + fraction / scale
    guard fraction % scale != 0 else { return "\(whole)" }
    var digits = "\(fraction % scale)"
    while digits.count < places { digits = "0" + digits }
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(whole).\(digits)"
}

/// `a`, `a and b`, `a, b and c`.
package func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
}

/// `1 advertisement`, `2 advertisements`.
package func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

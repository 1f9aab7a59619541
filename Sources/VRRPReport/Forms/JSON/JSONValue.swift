internal import VRRPFacts
package import VRRPWire

/// A JSON document (RFC 8259) as a tree, whose objects keep their order.
///
/// Integers and lengths of time are exact; there is no floating-point number in it, so none can be infinite.
package enum JSONValue: Sendable {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    case integer(Int64)
    /// A length of time, written as a decimal number of milliseconds with at most six digits behind the point.
    case milliseconds(TimeSpan)
    /// An instant, written as ``VRRPWire/CaptureInstant/utcText``.
    case instant(CaptureInstant)
    case boolean(Bool)
    case null

    /// The document on one line, without a line break at its end.
    package var compactText: String {
        var text = JSONWriter()
        text.write(self, depth: nil)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// The document indented by two spaces a level, with a line break at its end.
    package var prettyText: String {
        var text = JSONWriter()
        text.write(self, depth: 0)
        return String(decoding: text.bytes, as: UTF8.self) + "\n"
    }
}

extension JSONValue {
    package init(_ string: String?) { self = string.map(Self.string) ?? .null }

    package init(_ span: TimeSpan?) { self = span.map(Self.milliseconds) ?? .null }

    package init(_ instant: CaptureInstant?) { self = instant.map(Self.instant) ?? .null }

    package init(_ address: MACAddress?) { self = address.map { .string($0.description) } ?? .null }

    package init(_ integer: (some BinaryInteger)?) { self = integer.map { .integer(Int64(clamping: $0)) } ?? .null }

    package init(_ addresses: [IPAddress]) { self = .array(addresses.map { .string($0.description) }) }
}

extension TimeSpan {
    /// Milliseconds as a decimal number, exact to the nanosecond and without needless zeros: `3648.4`.
    package var millisecondsText: String {
        var (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let text = (nanoseconds < 0 ? "-" : "") + String(whole)
        guard fraction > 0 else { return text }
        var digits = 6
        while fraction % 10 == 0 { (fraction, digits) = (fraction / 10, digits - 1) }
        return text + "." + decimal(fraction, digits: digits)
    }
}

internal import VRRPFacts
package import VRRPWire

/// A JSON document (RFC 8259) as a tree, whose objects keep their order.
///
/// Integers and lengths of time are exact; there is no floating-point number in it, so none can be infinite.
package indirect enum JSONValue: Sendable {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    case integer(Int64)
    /// A length of time, written as a decimal number of milliseconds with at most six digits behind the point.
    case milliseconds(TimeSpan)
    case boolean(Bool)
    case null

    /// The document on one line, without a line break at its end.
    package var compactText: String {
        var text = ""
        write(to: &text, depth: nil)
        return text
    }

    /// The document indented by two spaces a level, with a line break at its end.
    package var prettyText: String {
        var text = ""
        write(to: &text, depth: 0)
        text += "\n"
        return text
    }

    /// The value as it stands in an indented document at a level of indentation, without a line break at its end.
    func prettyText(depth: Int) -> String {
        var text = ""
        write(to: &text, depth: depth)
        return text
    }

    /// Appends the document; `depth` is the level of indentation, `nil` for one line.
    private func write(to text: inout String, depth: Int?) {
        switch self {
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &text, depth: depth) { member, text, depth in
                Self.write(member.key, to: &text)
                text += depth == nil ? ":" : ": "
                member.value.write(to: &text, depth: depth)
            }
        case .array(let elements):
            Self.write(elements, between: ("[", "]"), to: &text, depth: depth) { element, text, depth in
                element.write(to: &text, depth: depth)
            }
        case .string(let string): Self.write(string, to: &text)
        case .integer(let integer): text += String(integer)
        case .milliseconds(let span): text += span.millisecondsText
        case .boolean(let value): text += value ? "true" : "false"
        case .null: text += "null"
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        between brackets: (open: String, close: String),
        to text: inout String,
        depth: Int?,
        _ writeElement: (Element, inout String, Int?) -> Void
    ) {
        text += brackets.open
        let inner = depth.map { $0 + 1 }
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            writeBreak(to: &text, depth: inner)
            writeElement(element, &text, inner)
        }
        if !elements.isEmpty { writeBreak(to: &text, depth: depth) }
        text += brackets.close
    }

    private static func writeBreak(to text: inout String, depth: Int?) {
        guard let depth else { return }
        text += "\n"
        for _ in 0..<depth { text += "  " }
    }

    /// Appends a string in quotes.
    ///
    /// Beyond what RFC 8259 section 7 demands, DEL, the C1 controls, the line separators and the controls of writing
    /// direction are escaped: a terminal or a script that shows the document is not to be fooled by a file name in it. A byte of a
    /// name that is no UTF-8 is the text `\xNN`.
    private static func write(_ string: String, to text: inout String) {
        text += "\""
        defer { text += "\"" }
        guard
            string.utf8.contains(where: { !(0x20...0x7e ~= $0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
            )
        else {
            text += string
            return
        }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if let byte = NameBytes.byte(of: scalar) {
                    text += "\\\\x" + hexadecimal(UInt64(byte), digits: 2)
                } else if scalar.value < 0x20 || scalar.isUnsafeInOutput {
                    text += "\\u" + hexadecimal(UInt64(scalar.value), digits: 4)
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}

extension JSONValue {
    package init(_ string: String?) { self = string.map(Self.string) ?? .null }

    package init(_ span: TimeSpan?) { self = span.map(Self.milliseconds) ?? .null }

    package init(_ instant: CaptureInstant?) { self = instant.map { .string($0.utcText) } ?? .null }

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

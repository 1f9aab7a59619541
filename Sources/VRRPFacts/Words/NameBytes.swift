/// Names of files as text, also those that are no UTF-8.
///
/// A byte that is no part of a character is a character of its own while the name is text, one of the last private ones (U+10FE80 to
/// U+10FEFF), and is that byte again where the file is opened. People see it as `\\xNN`.
package enum NameBytes {
    private static let first: UInt32 = 0x10_FE00
    private static let places: ClosedRange<UInt32> = first + 0x80...first + 0xff

    /// The byte that a character stands for; `nil` for the characters that stand for themselves.
    package static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        places.contains(scalar.value) ? UInt8(scalar.value - first) : nil
    }

    /// The text of a name, from which ``bytes(of:)`` makes the same bytes again.
    package static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: stands) {
            return text
        }
        var text = ""
        var rest = bytes[...]
        while let lead = rest.first {
            let length = max(1, (~lead).leadingZeroBitCount)
            // A character that would stand for a byte is told by its bytes.
            if let character = String(validating: rest.prefix(length), as: UTF8.self), length <= rest.count,
                let scalar = character.unicodeScalars.first, !stands(scalar)
            {
                text.unicodeScalars.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                if let scalar = Unicode.Scalar(first + UInt32(lead)) { text.unicodeScalars.append(scalar) }
                rest = rest.dropFirst()
            }
        }
        return text
    }

    /// The bytes of a name.
    package static func bytes(of text: String) -> [UInt8] {
        guard hasBytes(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar in
            byte(of: scalar).map { [$0] } ?? Array(UTF8.encode(scalar) ?? .init())
        }
    }

    /// The bytes of a path for calls of the system, with a zero at their end.
    package static func path(_ text: String) -> [CChar] {
        guard hasBytes(text) else { return Array(text.utf8CString) }
        return bytes(of: text).map(CChar.init(bitPattern:)) + [0]
    }

    /// Whether some characters of a text may stand for bytes: only a lead byte of the largest characters can begin one of these.
    private static func hasBytes(_ text: String) -> Bool { text.utf8.contains(0xf4) }

    private static func stands(_ scalar: Unicode.Scalar) -> Bool { places.contains(scalar.value) }
}

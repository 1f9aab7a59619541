/// A text in JSON (RFC 8259), read whole.
package indirect enum JSONText {
    case object([(name: String, value: JSONText)])
    case array([JSONText])
    case string(String)
    /// As it is written.
    case number(String)
    case boolean(Bool)
    case null

    /// The depth to which values may be nested.
    private static let deepest = 32

    /// `nil` for what is no JSON, or is nested too deeply.
    package init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let value = reader.value(0), reader.isAtEnd else { return nil }
        self = value
    }

    /// A member of an object, the first of its name.
    package subscript(name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array; `nil` of anything else.
    package var elements: [JSONText]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The text of a string; `nil` of anything else.
    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// The text of a string or a number.
    package var text: String? {
        if case .number(let number) = self { return number }
        return string
    }

    /// The text as a whole number; `nil` where it is none.
    package var integer: Int64? { text.flatMap { Int64($0) } }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool {
            mutating get {
                skip()
                return place == bytes.count
            }
        }

        private mutating func skip() {
            while place < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[place]) { place += 1 }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            skip()
            guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        private mutating func take(word: String) -> Bool {
            guard bytes[place...].starts(with: word.utf8) else { return false }
            place += word.utf8.count
            return true
        }

        mutating func value(_ depth: Int) -> JSONText? {
            skip()
            guard depth < JSONText.deepest, place < bytes.count else { return nil }
            switch bytes[place] {
            case UInt8(ascii: "{"): return object(depth)
            case UInt8(ascii: "["): return array(depth)
            case UInt8(ascii: "\""): return string().map { .string($0) }
            case UInt8(ascii: "t"): return take(word: "true") ? .boolean(true) : nil
            case UInt8(ascii: "f"): return take(word: "false") ? .boolean(false) : nil
            case UInt8(ascii: "n"): return take(word: "null") ? .null : nil
            default: return number()
            }
        }

        private mutating func object(_ depth: Int) -> JSONText? {
            place += 1
            var members: [(name: String, value: JSONText)] = []
            if take("}") { return .object([]) }
            repeat {
                skip()
                guard place < bytes.count, let name = string(), take(":"), let value = value(depth + 1) else {
                    return nil
                }
                members.append((name, value))
            } while take(",")
            return take("}") ? .object(members) : nil
        }

        private mutating func array(_ depth: Int) -> JSONText? {
            place += 1
            var elements: [JSONText] = []
            if take("]") { return .array([]) }
            repeat {
                guard let value = value(depth + 1) else { return nil }
                elements.append(value)
            } while take(",")
            return take("]") ? .array(elements) : nil
        }

        private mutating func number() -> JSONText? {
            let start = place
            while place < bytes.count, "+-.eE0123456789".utf8.contains(bytes[place]) { place += 1 }
            return place > start ? .number(String(decoding: bytes[start..<place], as: UTF8.self)) : nil
        }

        private mutating func string() -> String? {
            guard take("\"") else { return nil }
            var text: [UInt8] = []
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                guard escape(into: &text) else { return nil }
            }
            return nil
        }

        /// Reads what stands behind a backslash.
        private mutating func escape(into text: inout [UInt8]) -> Bool {
            guard place < bytes.count else { return false }
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "u"):
                guard let unit = unit() else { return false }
                var units = [unit]
                if unit & 0xfc00 == 0xd800, take(word: "\\u") {
                    guard let second = self.unit() else { return false }
                    units.append(second)
                }
                // Half a pair becomes a replacement character.
                text += String(decoding: units, as: UTF16.self).utf8
            default: text.append(byte)
            }
            return true
        }

        private mutating func unit() -> UInt16? {
            guard place + 4 <= bytes.count else { return nil }
            let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
            place += 4
            return UInt16(digits, radix: 16)
        }
    }
}

/// A file of keys: one to a line, behind whatever it is for.
///
///     # Comments take whole lines, and so may the key of a word with # in it be one below.
///     s3cret
///     vrid=51 text:a key with blanks
///     vrid=52 segment=vlan10 id=1 hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
///
/// A key is a word, or everything behind `text:`, or bytes in hexadecimal behind `hex:`. `vrid=`, `segment=` and `id=`,
/// the number of the key in keepalived's `auth_hmac`, say what it is for; without them it is tried for everything.
package enum KeyFile {
    /// The most bytes of such a file.
    package static let mostBytes = 1 << 20
    package static let mostKeys = 4096

    /// The reason why a file cannot be used; its words never hold a part of a key.
    package struct ParseError: Error, Hashable, CustomStringConvertible {
        package var file: String
        /// The line number, from 1; `nil` where the file as a whole is meant.
        package var line: Int?
        package var reason: String

        package var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + reason }
    }

    /// Reads the keys of a file.
    ///
    /// - Parameters:
    ///   - bytes: all that it holds.
    ///   - name: what errors and the labels of the keys call it.
    /// - Returns: at least one key, in the order of the lines.
    /// - Throws: ``ParseError`` with the first line that means nothing.
    package static func keys(in bytes: [UInt8], name: String) throws(ParseError) -> [GivenKey] {
        guard bytes.count <= mostBytes else {
            throw ParseError(file: name, line: nil, reason: "this is no file of keys: it is larger than 1 MiB")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        var keys: [GivenKey] = []
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            do throws(Fault) {
                guard let key = try key(in: line, label: "\(name):\(index + 1)") else { continue }
                guard keys.count < mostKeys else { throw Fault(reason: "there are more than \(mostKeys) keys") }
                keys.append(key)
            } catch {
                throw ParseError(file: name, line: index + 1, reason: error.reason)
            }
        }
        guard !keys.isEmpty else { throw ParseError(file: name, line: nil, reason: "there is no key in this file") }
        return keys
    }

    private struct Fault: Error {
        var reason: String
    }

    /// The key of a line; `nil` for a comment or nothing.
    private static func key(in line: ArraySlice<UInt8>, label: String) throws(Fault) -> GivenKey? {
        var rest = line
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        rest = rest.drop(while: \.isBlank)
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        var key = GivenKey([], label: label)
        while let binding = takeBinding(&rest) {
            switch binding.name {
            case .vrid: key.vrid = try number(binding)
            case .id: key.keyID = try number(binding)
            case .segment:
                guard !binding.value.isEmpty else { throw Fault(reason: "segment= names no segment") }
                key.segment = String(decoding: binding.value, as: UTF8.self)
            }
        }
        key.bytes = try secret(in: rest)
        return key
    }

    private enum Binding: String, CaseIterable {
        case vrid, id, segment
    }

    /// Takes the next word and the blanks behind it if it says what the key is for.
    private static func takeBinding(_ rest: inout ArraySlice<UInt8>) -> (name: Binding, value: ArraySlice<UInt8>)? {
        for name in Binding.allCases where rest.starts(with: "\(name.rawValue)=".utf8) {
            let value = rest.dropFirst(name.rawValue.utf8.count + 1).prefix { !$0.isBlank }
            rest = rest[value.endIndex...].drop(while: \.isBlank)
            return (name, value)
        }
        return nil
    }

    private static func number(_ binding: (name: Binding, value: ArraySlice<UInt8>)) throws(Fault) -> UInt8 {
        guard let number = UInt8(String(decoding: binding.value, as: UTF8.self)), number > 0 else {
            throw Fault(reason: "\(binding.name.rawValue)= must be a number from 1 to 255")
        }
        return number
    }

    private static func secret(in rest: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        let secret: [UInt8]
        if rest.starts(with: "text:".utf8) {
            secret = Array(rest.dropFirst(5))
            if secret.last?.isBlank == true {
                throw Fault(reason: "the key ends in a blank; if that is meant, write the key behind hex:")
            }
        } else if rest.starts(with: "hex:".utf8) {
            secret = try bytes(ofHexadecimal: rest.dropFirst(4))
        } else {
            secret = Array(rest.prefix { !$0.isBlank })
            guard rest.dropFirst(secret.count).allSatisfy(\.isBlank) else {
                throw Fault(
                    reason:
                        "there is more than one word; a key with blanks is written behind text:, and what it is for "
                        + "(vrid=, segment=, id=) before it"
                )
            }
        }
        guard !secret.isEmpty else { throw Fault(reason: "the key is missing") }
        guard secret.count <= GivenKey.mostBytes else {
            throw Fault(reason: "the key is longer than \(GivenKey.mostBytes) bytes")
        }
        return secret
    }

    private static func bytes(ofHexadecimal text: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        var digits = text
        while digits.last?.isBlank == true { digits.removeLast() }
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard values.count == digits.count, values.count.isMultiple(of: 2) else {
            throw Fault(reason: "what follows hex: must be pairs of hexadecimal digits and nothing else")
        }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

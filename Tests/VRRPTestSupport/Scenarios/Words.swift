import VRRPWire

/// A line of a scenario that means nothing.
package struct ScenarioError: Error, CustomStringConvertible {
    package var line: Int
    package var message: String

    package var description: String { "line \(line): \(message)" }
}

/// The words of a line, taken one after another.
struct Words {
    let line: Int
    private var rest: ArraySlice<Substring>

    init(_ text: some StringProtocol, line: Int) {
        self.line = line
        rest = text.split(whereSeparator: \.isWhitespace).map { Substring($0) }[...]
    }

    var isEmpty: Bool { rest.isEmpty }
    var first: String? { rest.first.map(String.init) }

    func error(_ message: String) -> ScenarioError { ScenarioError(line: line, message: message) }

    mutating func next(_ what: String) throws -> String {
        guard let word = rest.popFirst() else { throw error("\(what) is missing") }
        return String(word)
    }

    /// Takes the next word if it is the given one.
    mutating func take(_ word: String) -> Bool {
        guard rest.first.map(String.init) == word else { return false }
        rest.removeFirst()
        return true
    }

    mutating func address() throws -> IPAddress {
        let word = try next("an address")
        guard let address = IPAddress(text: word) else { throw error("'\(word)' is no address") }
        return address
    }

    mutating func addresses() throws -> [IPAddress] {
        try next("addresses").split(separator: ",").map { word in
            guard let address = IPAddress(text: String(word)) else { throw error("'\(word)' is no address") }
            return address
        }
    }

    mutating func mac() throws -> MACAddress {
        let word = try next("a MAC address")
        guard let mac = MACAddress(text: word) else { throw error("'\(word)' is no MAC address") }
        return mac
    }

    mutating func number<Number: FixedWidthInteger>(_ what: String) throws -> Number {
        let word = try next(what)
        guard let number = Number(word) else { throw error("'\(word)' is no \(what)") }
        return number
    }

    mutating func seconds(_ what: String) throws -> TimeSpan {
        let word = try next(what)
        guard let span = TimeSpan(secondsText: word) else { throw error("'\(word)' is no \(what)") }
        return span
    }

    func finish() throws {
        if let word = rest.first { throw error("'\(word)' is not understood") }
    }
}

extension TimeSpan {
    /// Decimal seconds with up to nine digits behind the point, such as `3.648`.
    package init?(secondsText text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard !fraction.isEmpty, fraction.count <= 9, fraction.allSatisfy(\.isASCIIDigit),
            let seconds = Int64(whole),
            let nanoseconds = Int64(fraction + String(repeating: "0", count: 9 - fraction.count))
        else { return nil }
        self = .seconds(seconds) + Self(nanoseconds: nanoseconds)
    }
}

extension MACAddress {
    /// Six hexadecimal bytes with colons.
    package init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0, radix: 16) }
        guard parts.count == 6, bytes.count == 6 else { return nil }
        self.init(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

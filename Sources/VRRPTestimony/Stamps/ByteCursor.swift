/// A place in a line, from which small things are read.
struct ByteCursor {
    let bytes: ArraySlice<UInt8>
    var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    var isAtEnd: Bool { place >= bytes.endIndex }
    var next: UInt8? { isAtEnd ? nil : bytes[place] }
    var rest: ArraySlice<UInt8> { bytes[place...] }

    /// Passes over a byte, if it is the next one.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// Passes over spaces, and returns whether there were any.
    @discardableResult
    mutating func takeSpaces() -> Bool {
        let start = place
        while next == UInt8(ascii: " ") { place += 1 }
        return place > start
    }

    /// Reads a number of so many digits at least and at most.
    mutating func number(_ digits: ClosedRange<Int>) -> Int64? {
        var value: Int64 = 0
        var count = 0
        while count < digits.upperBound, let byte = next, let digit = Self.digit(byte) {
            value = value * 10 + digit
            count += 1
            place += 1
        }
        return count >= digits.lowerBound ? value : nil
    }

    /// The place of a three-letter word among some, from 1.
    mutating func word(of names: [[UInt8]]) -> Int64? {
        guard place + 3 <= bytes.endIndex,
            let index = names.firstIndex(where: { $0.elementsEqual(bytes[place..<place + 3]) })
        else { return nil }
        place += 3
        return Int64(index + 1)
    }

    static func digit(_ byte: UInt8) -> Int64? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte - UInt8(ascii: "0")) : nil
    }
}

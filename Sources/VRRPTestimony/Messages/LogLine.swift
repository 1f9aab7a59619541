/// The parts of a line of a log behind its time.
struct LogLine {
    /// The host, where one is named.
    var host: ArraySlice<UInt8>?
    /// The program, without its number; `nil` where none is named.
    var process: ArraySlice<UInt8>?
    var message: ArraySlice<UInt8>

    /// The number of words among which the program's is looked for.
    private static let mostWords = 4

    /// Takes a line apart: `r1 Keepalived_vrrp[123]: (VI_1) Entering MASTER STATE`.
    init(_ rest: ArraySlice<UInt8>) {
        message = rest
        guard let first = rest.first, first != UInt8(ascii: "("), first != UInt8(ascii: "[") else { return }
        var place = rest.startIndex
        var previous: ArraySlice<UInt8>?
        for index in 0..<Self.mostWords {
            let end = rest[place...].firstIndex(of: UInt8(ascii: " ")) ?? rest.endIndex
            let word = rest[place..<end]
            if word.last == UInt8(ascii: ":") {
                let (name, hasNumber) = Self.withoutNumber(word.dropLast())
                guard hasNumber || index == 1 || Self.isDaemon(name) else { return }
                (process, host) = (name, previous)
                message = rest[end...].drop { $0 == UInt8(ascii: " ") }
                return
            }
            if index == 1, Self.isDaemon(word), let structured = Self.structured(rest, from: end) {
                (process, host, message) = (word, previous, structured)
                return
            }
            guard end < rest.endIndex else { return }
            previous = word
            place = rest.index(after: end)
        }
    }

    /// The message behind the process, message id and data of RFC 5424; `nil` where the line has no such parts.
    private static func structured(_ rest: ArraySlice<UInt8>, from end: Int) -> ArraySlice<UInt8>? {
        var cursor = ByteCursor(rest[end...])
        guard cursor.takeSpaces(), cursor.number(1...10) != nil || cursor.take("-"), cursor.takeSpaces() else {
            return nil
        }
        while let byte = cursor.next, byte != UInt8(ascii: " ") { cursor.place += 1 }
        guard cursor.takeSpaces(), cursor.take("-") else { return nil }
        cursor.takeSpaces()
        return cursor.rest
    }

    /// The name in `Keepalived_vrrp[123]`, and whether there is a number.
    private static func withoutNumber(_ word: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Bool) {
        guard word.last == UInt8(ascii: "]"), let open = word.lastIndex(of: UInt8(ascii: "[")),
            word[word.index(after: open)...].dropLast().allSatisfy({ ByteCursor.digit($0) != nil })
        else { return (word, false) }
        return (word[..<open], true)
    }

    /// Whether a program speaks VRRP: `Keepalived_vrrp`, `keepalived`, `vrrpd`, `uvrrpd`, and `VRRP`, as FRR names it.
    static func isDaemon(_ name: ArraySlice<UInt8>) -> Bool {
        let lowered = name.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        return lowered[...].contains(bytes: Phrase.keepalived) || lowered[...].contains(bytes: Phrase.vrrp)
    }
}

extension ArraySlice<UInt8> {
    /// The place of a sequence of bytes; `nil` where they are not in it.
    func place(of needle: [UInt8]) -> Int? {
        guard let first = needle.first, count >= needle.count else { return nil }
        var place = startIndex
        let last = endIndex - needle.count
        while place <= last {
            guard let found = self[place...last].firstIndex(of: first) else { return nil }
            if self[found..<found + needle.count].elementsEqual(needle) { return found }
            place = found + 1
        }
        return nil
    }

    func contains(bytes needle: [UInt8]) -> Bool { place(of: needle) != nil }
}

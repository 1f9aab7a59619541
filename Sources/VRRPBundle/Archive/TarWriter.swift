/// Makes a tar archive in memory that every tar reads.
package struct TarWriter {
    /// The archive so far.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Appends a file.
    ///
    /// - Parameters:
    ///   - name: its name, without a slash at the beginning; a long one, or one outside of ASCII, is written as a pax record.
    ///   - content: its bytes.
    ///   - time: the time of its last change, in seconds since 1970.
    package mutating func append(_ name: String, _ content: [UInt8], time: Int64) {
        let bytes = Array(name.utf8)
        if bytes.count > TarHeader.longestName || bytes.contains(where: { $0 > 0x7e }) {
            let record = Self.record("path", bytes)
            append(TarHeader(name: Array("pax".utf8), size: record.count, kind: UInt8(ascii: "x"), time: time), record)
        }
        append(TarHeader(name: bytes, size: content.count, time: time), content)
    }

    /// Ends the archive with two empty blocks.
    package mutating func finish() {
        bytes += [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
    }

    private mutating func append(_ header: TarHeader, _ content: [UInt8]) {
        bytes += header.block
        bytes += content
        bytes += [UInt8](repeating: 0, count: Self.filling(content.count))
    }

    /// The number of bytes that fill a content up to a whole block.
    static func filling(_ count: Int) -> Int {
        (TarHeader.blockSize - count % TarHeader.blockSize) % TarHeader.blockSize
    }

    /// A pax record: its own length, a keyword and a value (POSIX.1-2017, pax, section "pax Extended Header").
    private static func record(_ keyword: String, _ value: [UInt8]) -> [UInt8] {
        let rest = Array(" \(keyword)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = rest.count + 1
        while "\(length)".utf8.count + rest.count != length { length = "\(length)".utf8.count + rest.count }
        return Array("\(length)".utf8) + rest
    }
}

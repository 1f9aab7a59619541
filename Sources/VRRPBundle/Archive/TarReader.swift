/// Reads a tar archive member by member, from bytes that somebody else may have made.
///
/// Nothing is written anywhere, and a name is only ever compared. Links, devices and folders are members without content.
/// What may be read in all is bounded, so that no compression makes much of little.
package struct TarReader {
    /// A member of the archive.
    package struct Member: Hashable, Sendable {
        /// As the archive has it; bytes that are no UTF-8 are replaced.
        package var name: String
        /// The length of its content in bytes.
        package var size: Int
        /// Whether it is an ordinary file.
        package var isFile: Bool
    }

    /// The most members that are looked at.
    package static let mostMembers = 1000
    /// The most bytes that an archive may hold, with all that is passed over.
    package static let mostBytes = 512 << 20
    /// The most bytes of the records before a member.
    private static let mostRecords = 64 << 10
    private static let chunk = 64 << 10

    /// Returns as many bytes as are there, up to a number; none at the end.
    private let source: (Int) throws(BundleError) -> [UInt8]
    private var members = 0
    private var total = 0
    /// The bytes of the current member that were not read, and those that fill it up.
    private var rest = 0
    private var filling = 0

    /// - Parameter source: returns as many bytes as are there, up to a number; none at the end.
    package init(_ source: @escaping (Int) throws(BundleError) -> [UInt8]) {
        self.source = source
    }

    /// Moves to the next member; `nil` at the end.
    ///
    /// - Throws: ``BundleError`` for damage, for an end within a member, and where a bound is reached.
    package mutating func next() throws(BundleError) -> Member? {
        var longName: [UInt8]?
        while true {
            try pass(rest + filling)
            (rest, filling) = (0, 0)
            let block = try read(TarHeader.blockSize)
            guard block.contains(where: { $0 != 0 }) else {
                // An archive without its empty blocks ended early.
                guard block.count == TarHeader.blockSize else { throw BundleError("the archive ends early") }
                return nil
            }
            let header = try TarHeader(block)
            members += 1
            guard members <= Self.mostMembers else {
                throw BundleError("the archive has more than \(Self.mostMembers) members")
            }
            guard header.size <= Self.mostBytes - total else {
                throw BundleError("the archive holds more than \(Self.mostBytes >> 20) MiB")
            }
            (rest, filling) = (header.size, TarWriter.filling(header.size))
            switch header.kind {
            // Records about the next member, GNU's long name, and records about all members.
            case UInt8(ascii: "x"): longName = try Self.path(in: records()) ?? longName
            case UInt8(ascii: "L"): longName = Array(try records().prefix { $0 != 0 })
            case UInt8(ascii: "g"): continue
            default:
                let name = String(decoding: longName ?? header.name, as: UTF8.self)
                return Member(name: name, size: header.size, isFile: header.isFile)
            }
        }
    }

    /// Reads the content of the current member.
    ///
    /// - Parameter most: the number of bytes behind which the content is cut.
    /// - Returns: the bytes; fewer than the member has where it is longer than `most`.
    /// - Throws: ``BundleError`` where the archive ends within them.
    package mutating func content(atMost most: Int) throws(BundleError) -> [UInt8] {
        let wanted = min(rest, most)
        let bytes = try read(wanted)
        guard bytes.count == wanted else { throw BundleError("the archive ends within a member") }
        rest -= wanted
        return bytes
    }

    private mutating func records() throws(BundleError) -> [UInt8] {
        guard rest <= Self.mostRecords else { throw BundleError("the records about a member are too long") }
        return try content(atMost: rest)
    }

    /// Reads a number of bytes, less where the archive ends.
    private mutating func read(_ count: Int) throws(BundleError) -> [UInt8] {
        guard count <= Self.mostBytes - total else {
            throw BundleError("the archive holds more than \(Self.mostBytes >> 20) MiB")
        }
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = try source(min(count - bytes.count, Self.chunk))
            guard !part.isEmpty else { break }
            bytes += part
        }
        total += bytes.count
        return bytes
    }

    private mutating func pass(_ count: Int) throws(BundleError) {
        var left = count
        while left > 0 {
            let bytes = try read(min(left, Self.chunk))
            guard !bytes.isEmpty else { throw BundleError("the archive ends within a member") }
            left -= bytes.count
        }
    }

    /// The path that pax records give the next member; `nil` where they give none.
    private static func path(in records: [UInt8]) throws(BundleError) -> [UInt8]? {
        var path: [UInt8]?
        var left = records[...]
        while !left.isEmpty {
            let digits = left.prefix { 0x30...0x39 ~= $0 }
            guard let length = Int(String(decoding: digits.prefix(9), as: UTF8.self)), length <= left.count,
                length > digits.count + 1
            else { throw BundleError("the records about a member are damaged") }
            let record = left.prefix(length).dropFirst(digits.count + 1)
            if record.starts(with: "path=".utf8) { path = Array(record.dropFirst(5).dropLast()) }
            // The size of a member stands in its header here; another one would hide members.
            if record.starts(with: "size=".utf8) { throw BundleError("a member has two sizes") }
            left = left.dropFirst(length)
        }
        return path
    }
}

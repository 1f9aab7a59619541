/// The header of a member: 512 bytes in POSIX.1-1988's form, "ustar" (POSIX.1-2017, pax, section "ustar Interchange Format").
struct TarHeader: Hashable {
    /// The number of bytes of a header, and of what the content of each member is filled up to.
    static let blockSize = 512
    /// The longest name that the field for it holds, in bytes.
    static let longestName = 100

    private enum Field {
        static let name = 0..<100
        static let mode = 100..<108
        static let user = 108..<116
        static let group = 116..<124
        static let size = 124..<136
        static let time = 136..<148
        static let checksum = 148..<156
        static let kind = 156
        static let magic = 257..<265
        static let userName = 265..<297
        static let groupName = 297..<329
        static let prefix = 345..<500
    }

    var name: [UInt8]
    var size: Int
    /// The type flag: `0` for a file, `x` for records about the member behind it.
    var kind: UInt8
    /// Seconds since 1970.
    var time: Int64 = 0

    init(name: [UInt8], size: Int, kind: UInt8 = UInt8(ascii: "0"), time: Int64 = 0) {
        self.name = name
        self.size = size
        self.kind = kind
        self.time = time
    }

    /// Whether the member is an ordinary file.
    var isFile: Bool { kind == UInt8(ascii: "0") || kind == 0 || kind == UInt8(ascii: "7") }

    /// Reads a header.
    ///
    /// - Parameter block: ``blockSize`` bytes.
    /// - Throws: ``BundleError`` where a field or the sum of the bytes is wrong.
    init(_ block: [UInt8]) throws(BundleError) {
        guard block.count == Self.blockSize, block[257..<262].elementsEqual("ustar".utf8) else {
            throw BundleError("a member has no header of a tar archive")
        }
        guard Self.number(block[Field.checksum]) == Self.sum(of: block) else {
            throw BundleError("the checksum of a member's header is wrong")
        }
        guard let size = Self.number(block[Field.size]) else { throw BundleError("the size of a member is no number") }
        self.size = size
        kind = block[Field.kind]
        time = Int64(Self.number(block[Field.time]) ?? 0)
        let prefix = block[Field.prefix].prefix { $0 != 0 }
        // GNU's form has other fields in the place of the prefix, and a blank behind "ustar".
        let hasPrefix = block[262] == 0 && !prefix.isEmpty
        name = (hasPrefix ? prefix + [UInt8(ascii: "/")] : []) + block[Field.name].prefix { $0 != 0 }
    }

    /// The header's bytes; a name that is too long is cut, and is to stand in records before it.
    var block: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ bytes: some Collection<UInt8>, _ field: Range<Int>) {
            for (index, byte) in zip(field, bytes) { block[index] = byte }
        }
        put(name.prefix(Self.longestName), Field.name)
        put(Self.octal(0o600, 7), Field.mode)
        put(Self.octal(0, 7), Field.user)
        put(Self.octal(0, 7), Field.group)
        put(Self.octal(size, 11), Field.size)
        put(Self.octal(Int(max(0, time)), 11), Field.time)
        block[Field.kind] = kind
        put("ustar\u{0}00".utf8, Field.magic)
        put("root".utf8, Field.userName)
        put("root".utf8, Field.groupName)
        put(Self.octal(Self.sum(of: block), 6) + [0, UInt8(ascii: " ")], Field.checksum)
        return block
    }

    /// The sum of a header's bytes, those of the sum itself taken for blanks.
    private static func sum(of block: [UInt8]) -> Int {
        block.enumerated().reduce(0) { sum, byte in
            sum + (Field.checksum.contains(byte.offset) ? Int(UInt8(ascii: " ")) : Int(byte.element))
        }
    }

    /// An octal number between blanks, up to a zero; `nil` for anything else, so also for the binary numbers of large files.
    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        let text = bytes.prefix { $0 != 0 }.drop { $0 == UInt8(ascii: " ") }
        let digits = text.prefix { 0x30...0x37 ~= $0 }
        guard !digits.isEmpty, digits.count <= 12, text.dropFirst(digits.count).allSatisfy({ $0 == 0x20 }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
    }

    private static func octal(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits.suffix(width)
    }
}

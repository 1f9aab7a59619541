/// The ones' complement sum of RFC 1071, before the final complement.
///
/// Summing a message together with its checksum field gives 0xffff exactly when the checksum is right.
package struct InternetChecksum: Sendable {
    private var sum: UInt64 = 0

    package init() {}

    /// Adds bytes as big-endian 16-bit words, an odd last byte padded with zero.
    package mutating func add(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset + 1 < bytes.count {
            sum += UInt64(bytes.uint16(at: offset))
            offset += 2
        }
        if offset < bytes.count { sum += UInt64(bytes[offset]) << 8 }
    }

    package mutating func add(_ address: IPAddress) {
        sum += address.high >> 32 + address.high & 0xffff_ffff + address.low >> 32 + address.low & 0xffff_ffff
    }

    /// Adds a number of at most 32 bits, such as a length or a protocol.
    package mutating func add(_ number: Int) {
        sum += UInt64(UInt32(truncatingIfNeeded: number))
    }

    /// The sum folded to 16 bits.
    package var folded: UInt16 {
        var value = sum
        while value > 0xffff { value = value >> 16 + value & 0xffff }
        return UInt16(value)
    }

    /// Whether a sum that includes the checksum field is right.
    package var isValid: Bool { folded == 0xffff }
}

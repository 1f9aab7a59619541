// The only place in the package where bytes become integers.
//
// Each takes as many bytes as it needs out first: one test of the bounds covers all of them, which are then loaded as one.

extension Span where Element == UInt8 {
    /// The big-endian 16-bit integer at an offset, which must be in bounds.
    @inlinable
    @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        let rest = extracting(offset..<offset + 2)
        return UInt16(rest[0]) << 8 | UInt16(rest[1])
    }

    /// The big-endian 32-bit integer at an offset, which must be in bounds.
    @inlinable
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        let rest = extracting(offset..<offset + 4)
        let high = UInt32(rest[0]) << 24 | UInt32(rest[1]) << 16
        return high | UInt32(rest[2]) << 8 | UInt32(rest[3])
    }

    /// The big-endian 64-bit integer at an offset, which must be in bounds.
    @inlinable
    @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        let rest = extracting(offset..<offset + 8)
        let first = UInt64(rest[0]) << 56 | UInt64(rest[1]) << 48
        let second = UInt64(rest[2]) << 40 | UInt64(rest[3]) << 32
        let third = UInt64(rest[4]) << 24 | UInt64(rest[5]) << 16
        return first | second | third | UInt64(rest[6]) << 8 | UInt64(rest[7])
    }

    /// The little-endian 16-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func littleEndianUInt16(at offset: Int) -> UInt16 { uint16(at: offset).byteSwapped }

    /// The little-endian 32-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func littleEndianUInt32(at offset: Int) -> UInt32 { uint32(at: offset).byteSwapped }
}

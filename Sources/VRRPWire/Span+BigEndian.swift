// The only place in the package where bytes become integers.

extension Span where Element == UInt8 {
    /// The big-endian 16-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// The big-endian 32-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
    }

    /// The big-endian 64-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
    }

    /// The little-endian 16-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func littleEndianUInt16(at offset: Int) -> UInt16 { uint16(at: offset).byteSwapped }

    /// The little-endian 32-bit integer at an offset, which must be in bounds.
    @inline(__always)
    public func littleEndianUInt32(at offset: Int) -> UInt32 { uint32(at: offset).byteSwapped }
}

internal import VRRPWire

/// The order in which a file's writer laid out its integers.
enum ByteOrder: Sendable {
    case little
    case big
}

extension Span where Element == UInt8 {
    /// The 16-bit integer at an offset, which must be in bounds.
    @inline(__always)
    func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 {
        order == .little ? uint16(at: offset).byteSwapped : uint16(at: offset)
    }

    /// The 32-bit integer at an offset, which must be in bounds.
    @inline(__always)
    func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 {
        order == .little ? uint32(at: offset).byteSwapped : uint32(at: offset)
    }

    /// The 64-bit integer at an offset, which must be in bounds.
    @inline(__always)
    func uint64(at offset: Int, _ order: ByteOrder) -> UInt64 {
        order == .little ? uint64(at: offset).byteSwapped : uint64(at: offset)
    }
}

extension RawSpan {
    /// A copy of the bytes.
    package var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

extension Span<UInt8> {
    /// A copy of the bytes.
    package var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

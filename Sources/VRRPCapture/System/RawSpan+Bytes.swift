extension RawSpan {
    /// A copy of the bytes.
    package var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

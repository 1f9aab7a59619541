package import VRRPWire

/// One frame lent from a source; its bytes are gone when the closure it was lent to returns.
package struct Frame: ~Escapable {
    /// The captured bytes, from the first of the link layer; a known frame check sequence is cut off.
    package let bytes: Span<UInt8>
    /// The number of bytes on the wire, without a known frame check sequence; more than `bytes.count` when the
    /// snap length cut the frame.
    package let originalLength: Int
    /// 1-based in its file: every packet counts, as in Wireshark.
    package let number: Int
    package let instant: CaptureInstant
    /// 0-based in its source; see `CaptureDescription.interfaceNames`.
    package let interface: Int
    package let linkType: LinkType

    @inlinable
    @_lifetime(copy bytes)
    package init(
        bytes: Span<UInt8>,
        originalLength: Int,
        number: Int,
        instant: CaptureInstant,
        interface: Int,
        linkType: LinkType
    ) {
        self.bytes = bytes
        self.originalLength = originalLength
        self.number = number
        self.instant = instant
        self.interface = interface
        self.linkType = linkType
    }
}

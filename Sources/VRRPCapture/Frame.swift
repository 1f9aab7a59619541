package import VRRPFacts
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
    /// The file that the frame came from, and its number there, in an extract; `nil` in any other capture.
    package var origin: FrameOrigin? { packedOrigin.origin }
    /// The origin in one word, for each frame is copied.
    private let packedOrigin: PackedOrigin

    @inlinable
    @_lifetime(copy bytes)
    package init(
        bytes: Span<UInt8>,
        originalLength: Int,
        number: Int,
        instant: CaptureInstant,
        interface: Int,
        linkType: LinkType,
        origin: PackedOrigin = .none
    ) {
        self.bytes = bytes
        self.originalLength = originalLength
        self.number = number
        self.instant = instant
        self.interface = interface
        self.linkType = linkType
        packedOrigin = origin
    }

    /// An origin in one word, or none.
    package struct PackedOrigin: Sendable {
        /// The file's position in the upper 16 bits, and the number there, which is never 0.
        private let bits: UInt64

        package static let none = PackedOrigin(bits: 0)

        private init(bits: UInt64) { self.bits = bits }

        /// Packs an origin; one with a number of more than 48 bits, which no file has, is none.
        package init(_ origin: FrameOrigin) {
            let (file, frame) = (UInt64(clamping: origin.file), UInt64(clamping: origin.frame))
            bits = file < 1 << 16 && frame < 1 << 48 ? file << 48 | frame : 0
        }

        package var origin: FrameOrigin? {
            bits == 0 ? nil : FrameOrigin(file: Int(bits >> 48), frame: Int(bits & (1 << 48 - 1)))
        }
    }
}

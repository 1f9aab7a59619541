package import VRRPWire

/// What is known of a capture besides its packets, as the reports show it.
package struct CaptureDescription: Sendable {
    /// Something about a capture that its reader should know before trusting what was read.
    package struct Problem: Sendable {
        /// `truncated`, `corrupt`, `clock-step`, `unsupported` or `dropped`.
        package var kind: String
        /// The byte in the file; `nil` where it has no place.
        package var offset: UInt64?
        /// The number of the frame, from 1.
        package var frame: Int?
        package var message: String

        package init(kind: String, offset: UInt64?, frame: Int?, message: String) {
            self.kind = kind
            self.offset = offset
            self.frame = frame
            self.message = message
        }
    }

    /// The file or interface as the user named it.
    package var source: String
    /// `pcap`, `pcapng` or `live`.
    package var format: String
    /// The compression that was undone; `nil` for none.
    package var compression: String?
    package var linkTypes: [String] = []
    /// By the interface's position; `nil` where the capture names none.
    package var interfaceNames: [String?] = []
    package var bytes: UInt64 = 0
    /// Of the file as it lies there, in hexadecimal; `nil` where it cannot be read twice.
    package var sha256: String?
    package var packets = 0
    package var firstPacket: CaptureInstant?
    package var lastPacket: CaptureInstant?
    /// Packets that the capturing side lost; `nil` where nobody counted.
    package var dropped: UInt64?
    package var problems: [Problem] = []

    package init(source: String, format: String) {
        self.source = source
        self.format = format
    }
}

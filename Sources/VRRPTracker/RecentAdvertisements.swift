/// The latest advertisements of a router, to know them again when another capture shows them.
///
/// The clocks of two hosts differ, so the same advertisement may come seconds later from the other capture. A sender that
/// counts in the IPv4 identification gives each its own.
struct RecentAdvertisements: Sendable {
    /// As many intervals as clocks may differ.
    static let kept = 8

    private var entries = SIMD8<UInt64>(repeating: .max)
    private var next = 0

    mutating func add(capture: Int, identification: UInt16, checksum: UInt16) {
        entries[next] = Self.entry(capture, identification, checksum)
        next = (next + 1) % Self.kept
    }

    /// Whether a capture other than the given one has shown the advertisement.
    func contains(identification: UInt16, checksum: UInt16, besides capture: Int) -> Bool {
        let wanted = Self.entry(0, identification, checksum)
        for index in 0..<Self.kept where entries[index] & 0xffff_ffff == wanted && entries[index] != .max {
            if entries[index] >> 32 != UInt64(capture) { return true }
        }
        return false
    }

    private static func entry(_ capture: Int, _ identification: UInt16, _ checksum: UInt16) -> UInt64 {
        UInt64(capture) << 32 | UInt64(identification) << 16 | UInt64(checksum)
    }
}

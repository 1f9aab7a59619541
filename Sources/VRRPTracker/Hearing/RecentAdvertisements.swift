/// The latest advertisements of a router, to know them again when another capture shows them.
///
/// The clocks of two hosts differ, so the same advertisement may come seconds later from the other capture. A sender that
/// counts in the IPv4 identification gives each its own.
struct RecentAdvertisements: Sendable {
    /// The number of advertisements kept: the number of intervals by which clocks may differ.
    static let kept = 8

    /// Identification and checksum of each, and which capture showed it; −1 where there is none.
    private var identities = [8 of UInt32](repeating: 0)
    private var captures = [8 of Int32](repeating: -1)
    private var next: UInt8 = 0

    mutating func add(capture: Int, identification: UInt16, checksum: UInt16) {
        identities[Int(next)] = Self.identity(identification, checksum)
        captures[Int(next)] = Int32(truncatingIfNeeded: capture)
        next = (next + 1) % UInt8(Self.kept)
    }

    /// Whether a capture other than the given one has shown the advertisement.
    func contains(identification: UInt16, checksum: UInt16, besides capture: Int) -> Bool {
        let wanted = Self.identity(identification, checksum)
        for index in 0..<Self.kept where identities[index] == wanted && captures[index] >= 0 {
            if captures[index] != Int32(truncatingIfNeeded: capture) { return true }
        }
        return false
    }

    /// Whether a capture was the first to show the advertisement.
    func contains(identification: UInt16, checksum: UInt16, of capture: Int) -> Bool {
        let wanted = Self.identity(identification, checksum)
        for index in 0..<Self.kept where identities[index] == wanted {
            if captures[index] == Int32(truncatingIfNeeded: capture) { return true }
        }
        return false
    }

    /// Whether an identification is the next one after that of an advertisement.
    func areFollowed(by identification: UInt16) -> Bool {
        (0..<Self.kept).contains { index in
            captures[index] >= 0
                && IdentificationSeries.step(from: UInt16(identities[index] >> 16), to: identification) == 1
        }
    }

    private static func identity(_ identification: UInt16, _ checksum: UInt16) -> UInt32 {
        UInt32(identification) << 16 | UInt32(checksum)
    }
}

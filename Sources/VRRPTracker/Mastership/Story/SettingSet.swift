/// A set of settings by their positions in the log, which are below ``StoryLog/mostSettings``, so that one word holds them.
struct SettingSet: Sendable {
    private var bits: UInt64 = 0

    init() {}

    init(_ settings: some Sequence<UInt8>) {
        for setting in settings { insert(setting) }
    }

    func contains(_ setting: UInt8) -> Bool { bits & 1 << UInt64(setting) != 0 }

    func isSubset(of other: Self) -> Bool { bits & ~other.bits == 0 }

    /// Adds a setting, and returns whether it was missing.
    @discardableResult
    mutating func insert(_ setting: UInt8) -> Bool {
        defer { bits |= 1 << UInt64(setting) }
        return !contains(setting)
    }
}

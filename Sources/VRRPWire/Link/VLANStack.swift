/// The VLAN identifiers of a frame, outermost first (IEEE 802.1Q and 802.1ad), at most ``capacity`` of them.
public struct VLANStack: Hashable, Sendable {
    public static let capacity = 8

    /// Twelve bits a tag, the outermost in the highest, below them the number of tags.
    private var bits: UInt128 = 0

    public init() {}

    public init(_ identifiers: [UInt16]) {
        for identifier in identifiers.prefix(Self.capacity) { append(identifier) }
    }

    public var count: Int { Int(truncatingIfNeeded: bits & 0xf) }
    public var isEmpty: Bool { bits == 0 }

    /// One word that differs wherever stacks of up to five tags do.
    public var hashWord: UInt64 { UInt64(truncatingIfNeeded: bits >> 64) ^ UInt64(truncatingIfNeeded: bits) << 32 }

    /// Adds the next inner tag; the stack must not be full.
    public mutating func append(_ identifier: UInt16) {
        let position = count
        precondition(position < Self.capacity)
        bits |= UInt128(identifier & 0xfff) << UInt128(116 - 12 * position)
        bits += 1
    }

    /// The innermost VLAN; `nil` without one.
    public var innermost: UInt16? { isEmpty ? nil : identifier(at: count - 1) }

    /// Whether the innermost tags are those of another stack, which has no more of them.
    public func ends(in inner: Self) -> Bool {
        guard inner.count <= count else { return false }
        let outer = count - inner.count
        // The tags lie one behind the other, so that all are compared at once.
        let mask = ~UInt128(0xf)
        return inner.isEmpty || (bits & mask) << UInt128(12 * outer) & Self.tags(inner.count) == inner.bits & mask
    }

    /// The bits of a number of tags.
    private static func tags(_ count: Int) -> UInt128 { ~((1 << UInt128(128 - 12 * count)) - 1) }

    public var identifiers: [UInt16] { (0..<count).map(identifier) }

    /// The stack without priority tags (VLAN 0), which name no VLAN (IEEE 802.1Q table 9-2).
    public var withoutPriorityTags: Self {
        var named = Self()
        for position in 0..<count where identifier(at: position) != 0 { named.append(identifier(at: position)) }
        return named
    }

    private func identifier(at position: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: bits >> UInt128(116 - 12 * position)) & 0xfff
    }
}

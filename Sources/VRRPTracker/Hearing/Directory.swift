internal import VRRPWire

/// Finds the positions of virtual routers by their keys and by the addresses that they advertise.
///
/// Segments are numbered, which keeps the keys small.
struct Directory: Sendable {
    private var segments: [Segment: UInt32] = [:]
    /// The segment that was asked for last, which is usually the next one asked for.
    private var latest: (segment: Segment, number: UInt32)?
    private var positions: [UInt64: Int32] = [:]
    /// Virtual routers on any segment, by family, VRID and innermost VLAN.
    private var kin: [UInt32: [Kin]] = [:]
    /// The innermost VLANs of those of a family and VRID, in order of first appearance; ``untagged`` stands for none.
    private var kinVLANs: [UInt16: [UInt16]] = [:]
    private static let untagged: UInt16 = 0x1000
    private var owners: [AddressKey: SmallList<Int32>] = [:]

    /// A virtual router, and the segment that it is told of on.
    private struct Kin {
        var position: Int32
        var segment: Segment
    }

    private struct AddressKey: Hashable {
        var high: UInt64
        var low: UInt64
        /// The number of the segment, and in the lowest bit the family.
        var place: UInt64

        init(_ address: IPAddress, on segment: UInt32) {
            high = address.high
            low = address.low
            place = UInt64(segment) << 1 | (address.family == .ipv6 ? 1 : 0)
        }
    }

    private static func packed(_ key: VirtualRouterKey, on segment: UInt32) -> UInt64 {
        UInt64(segment) << 9 | (key.family == .ipv6 ? 1 : 0) << 8 | UInt64(key.vrid)
    }

    private mutating func number(of segment: Segment) -> UInt32? {
        if let latest, latest.segment == segment { return latest.number }
        guard let number = segments[segment] else { return nil }
        latest = (segment, number)
        return number
    }

    // MARK: Virtual routers

    mutating func position(of key: VirtualRouterKey) -> Int? {
        guard let segment = number(of: key.segment) else { return nil }
        return positions[Self.packed(key, on: segment)].map(Int.init)
    }

    /// The same where nothing may change.
    func knownPosition(of key: VirtualRouterKey) -> Int? {
        guard let segment = segments[key.segment] else { return nil }
        return positions[Self.packed(key, on: segment)].map(Int.init)
    }

    /// Adds a virtual router that was not there.
    mutating func add(_ key: VirtualRouterKey, at position: Int) {
        let segment = number(of: key.segment) ?? UInt32(segments.count)
        segments[key.segment] = segment
        positions[Self.packed(key, on: segment)] = Int32(position)
        let innermost = key.segment.vlans.innermost ?? Self.untagged
        let place = Self.kin(key.family, key.vrid, innermost)
        if kin[place] == nil { kinVLANs[Self.kin(key.family, key.vrid), default: []].append(innermost) }
        kin[place, default: []].append(Kin(position: Int32(position), segment: key.segment))
    }

    /// Adds a key by which a virtual router is known as well.
    mutating func addGuise(_ key: VirtualRouterKey, of position: Int) {
        let segment = number(of: key.segment) ?? UInt32(segments.count)
        segments[key.segment] = segment
        positions[Self.packed(key, on: segment)] = Int32(position)
    }

    /// The positions of the virtual routers that may be that of a key in another guise of its segment.
    ///
    /// Tags are put in front of others or taken off, so the innermost VLAN is the same, or one segment has none.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - credit: the number of virtual routers that may be looked at, which is lessened by those that were.
    /// - Returns: those among the ones that were looked at.
    func positions(inGuise key: VirtualRouterKey, _ credit: inout Int) -> [Int] {
        var vlans = kinVLANs[Self.kin(key.family, key.vrid)] ?? []
        if let innermost = key.segment.vlans.innermost { vlans = [innermost, Self.untagged] }
        var positions: [Int] = []
        for vlan in vlans {
            guard let places = kin[Self.kin(key.family, key.vrid, vlan)] else { continue }
            let looked = places.prefix(credit)
            credit -= looked.count
            for index in looked.indices where key.segment.mayBeGuise(of: looked[index].segment) {
                positions.append(Int(looked[index].position))
            }
        }
        return positions
    }

    private static func kin(_ family: AddressFamily, _ vrid: UInt8, _ vlan: UInt16) -> UInt32 {
        UInt32(kin(family, vrid)) << 16 | UInt32(vlan)
    }

    private static func kin(_ family: AddressFamily, _ vrid: UInt8) -> UInt16 {
        (family == .ipv6 ? 1 : 0) << 8 | UInt16(vrid)
    }

    // MARK: Addresses

    /// The virtual routers that advertise an address on a segment.
    mutating func owners(of address: IPAddress, on segment: Segment) -> SmallList<Int32> {
        guard let segment = number(of: segment) else { return SmallList() }
        return owners[AddressKey(address, on: segment)] ?? SmallList()
    }

    /// The number of virtual routers of one address that hear of its claims: a claim is told to each of them.
    static let mostOwners = 16

    /// Notes that a virtual router advertises an address, unless more than `most` addresses would be known, or too many
    /// virtual routers advertise this one: then false.
    mutating func add(_ address: IPAddress, on segment: Segment, of position: Int, most: Int) -> Bool {
        guard let segment = number(of: segment) else { return true }
        let key = AddressKey(address, on: segment)
        if owners.count >= most, owners[key] == nil { return false }
        return owners[key, default: SmallList()].append(Int32(position), atMost: Self.mostOwners)
    }

    /// Notes that a virtual router no longer advertises an address.
    mutating func remove(_ address: IPAddress, on segment: Segment, of position: Int) {
        guard let segment = number(of: segment) else { return }
        let key = AddressKey(address, on: segment)
        guard let place = owners.index(forKey: key) else { return }
        owners.values[place].removeAll { $0 == position }
        if owners.values[place].isEmpty { owners.remove(at: place) }
    }
}

extension SmallList where Element == Int32 {
    /// Appends an element unless it is there, and returns whether there was room for it.
    fileprivate mutating func append(_ element: Int32, atMost most: Int) -> Bool {
        if contains(element) { return true }
        guard count < most else { return false }
        append(element)
        return true
    }
}

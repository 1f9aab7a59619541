internal import VRRPTracker

/// A key that its owner gave, to hold advertisements against.
///
/// The key is a secret: it has no description, and nothing prints it.
package struct GivenKey: Sendable {
    /// keepalived takes up to 64 bytes, other vendors no more.
    package static let mostBytes = 1024

    /// The name of the key in output: the place where it was given, such as `keys.txt:3`.
    package var label: String
    package var bytes: [UInt8]
    /// The virtual router it is for; `nil` for any.
    package var vrid: UInt8?
    /// The name of the segment it is for, as reports have it without the interface: `untagged`, `vlan10`.
    package var segment: String?
    /// Its number in `auth_hmac`; such a key is for nothing else.
    package var keyID: UInt8?

    package init(_ bytes: [UInt8], label: String, vrid: UInt8? = nil, segment: String? = nil, keyID: UInt8? = nil) {
        self.bytes = bytes
        self.label = label
        self.vrid = vrid
        self.segment = segment
        self.keyID = keyID
    }

    /// Whether it is for a virtual router on a segment, and for a number where the advertisement names one.
    func fits(vrid: UInt8, keyID: UInt8?, on segment: Segment) -> Bool {
        if let own = self.vrid, own != vrid { return false }
        if let own = self.keyID, own != keyID { return false }
        if let own = self.segment, own != segment.name { return false }
        return true
    }
}

extension GivenKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "the key of \(label)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["label": label]) }
}

internal import VRRPFacts

extension Sequence<UInt8> {
    /// Versions of VRRP in words: `VRRPv2 and VRRPv3`.
    package var versionsInWords: String { Words.list(map { "VRRPv\($0)" }) }
}

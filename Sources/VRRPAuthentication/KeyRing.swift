package import VRRPTracker
package import VRRPWire

/// The keys that were given, against which advertisements are held.
package struct KeyRing: FrameVerifier {
    package let keys: [GivenKey]

    /// - Parameter keys: in the order in which they are tried.
    package init(_ keys: [GivenKey]) {
        self.keys = Array(keys.prefix(Int(UInt16.max)))
    }

    package var labels: [String] { keys.map(\.label) }

    package func verification(
        of frame: borrowing DecodedFrame,
        from bytes: Span<UInt8>,
        interface: Int
    ) -> Verification {
        guard case .vrrp(let packet) = frame.payload, let header = frame.ip else { return .unchecked }
        // A packet that the capture cut cannot be checked.
        guard packet.stop == nil, packet.bytes.count == header.payloadLength else { return .unchecked }
        if let ah = header.authenticationHeader {
            guard let value = AHIntegrityValue(ah, packet, in: bytes) else { return .unchecked }
            return verification(packet, frame, interface) { value.method(for: $0.bytes) }
        }
        switch packet.authentication {
        case .simpleText:
            guard let password = packet.authenticationData else { return .unchecked }
            return verification(packet, frame, interface) { $0.password == password ? [] : nil }
        case .hmac:
            guard let digest = TrailerDigest(packet, source: header.source) else { return .unchecked }
            return verification(packet, frame, interface) { digest.fits($0.bytes) ? [] : nil }
        case .none, .ah, .ciscoMD5, .unknown: return .unchecked
        }
    }

    private func verification(
        _ packet: borrowing VRRPPacket,
        _ frame: borrowing DecodedFrame,
        _ interface: Int,
        method: (GivenKey) -> KeyProof.Method?
    ) -> Verification {
        let segment = Segment(of: frame, interface: interface)
        let keyID = packet.hmacTrailer?.keyID
        var result = Verification.unchecked
        for (position, key) in keys.enumerated()
        where key.fits(vrid: packet.virtualRouterID, keyID: keyID, on: segment) {
            if let method = method(key) {
                return .valid(KeyProof(key: UInt16(position), method: method))
            }
            result = .invalid
        }
        return result
    }
}

extension GivenKey {
    /// The key as VRRPv2 sends it in simple text: eight bytes, cut off or filled with zeros (RFC 2338 section 5.3.10).
    var password: UInt64 {
        (0..<8).reduce(0) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
    }
}

import VRRPAuthentication
package import VRRPTracker
package import VRRPWire

// Authentication as keepalived makes it, for frames that are otherwise whole.

extension AdvertisementFrame {
    /// Puts an Authentication Header in front whose integrity check value fits.
    ///
    /// - Parameters:
    ///   - key: of which keepalived uses the first eight bytes.
    ///   - spi: the Security Parameters Index.
    ///   - sequence: the sequence number.
    ///   - method: what keepalived does differently.
    package mutating func sign(with key: [UInt8], spi: UInt32, sequence: UInt32, _ method: KeyProof.Method = []) {
        let blank = Array<UInt8>(repeating: 0, count: AHIntegrityValue.length)
        authentication = .ah(spi: spi, sequence: sequence, integrityValue: blank)
        let bytes = bytes
        let frame = DecodedFrame(bytes.span, linkType: .ethernet)
        guard case .vrrp(let packet) = frame.payload, let header = frame.ip?.authenticationHeader,
            let value = AHIntegrityValue(header, packet, in: bytes.span)
        else { return }
        let cut = method.contains(.wholeKey) ? key[...] : key.prefix(8)
        authentication = .ah(spi: spi, sequence: sequence, integrityValue: Array(value.value(with: cut, method)))
    }

    /// Appends an `auth_hmac` trailer whose digest fits.
    package mutating func sign(with key: [UInt8], _ content: HMACTrailer) {
        var head: [UInt8] = [1, content.keyID, 0, 0]
        for shift in stride(from: 56, through: 0, by: -8) {
            head.append(UInt8(truncatingIfNeeded: content.sequence >> UInt64(shift)))
        }
        trailer = head + Array(repeating: 0, count: TrailerDigest.length)
        let bytes = bytes
        let frame = DecodedFrame(bytes.span, linkType: .ethernet)
        guard case .vrrp(let packet) = frame.payload, let digest = TrailerDigest(packet, source: source) else { return }
        trailer = head + digest.value(with: key)
    }
}

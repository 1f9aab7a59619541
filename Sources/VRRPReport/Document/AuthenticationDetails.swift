package import VRRPTracker
package import VRRPWire

/// The authentication of a router, and the result of the check with the given keys.
package struct AuthenticationDetails: Sendable {
    package var kind: AuthenticationKind
    package var key: AuthenticationKey?
    /// The number of the key in an `auth_hmac` trailer.
    package var keyID: UInt8?
    package var verification: Verification
    /// The label of the given key that fits.
    package var givenKey: String?
    /// The security parameters index of an Authentication Header.
    package var spi: UInt32?
    /// Whether the SPI is the source address, as keepalived has it and asks for; `nil` without an SPI.
    package var spiIsSource: Bool?

    package init(kind: AuthenticationKind, verification: Verification = .unchecked, givenKeys: [String] = []) {
        self.kind = kind
        self.verification = verification
        givenKey = verification.proof.flatMap { proof in
            givenKeys.indices.contains(Int(proof.key)) ? givenKeys[Int(proof.key)] : nil
        }
    }

    /// Notes an SPI in advertisements from a source address.
    package mutating func note(spi: UInt32?, from source: IPAddress) {
        self.spi = spi
        spiIsSource = spi.map { source.family == .ipv4 && UInt64($0) == source.low }
    }

    /// `valid`, `invalid`, or `nil` where nothing was checked.
    package var verdict: String? {
        switch verification {
        case .unchecked: nil
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }

    /// `simple-text (key-1, made with keys.txt:3)`, with the password only where it is asked for.
    func text(showsSecrets: Bool) -> String {
        var parts = key.map { [$0.words + (showsSecrets ? " '\($0.text)'" : "")] } ?? []
        if let keyID { parts.append("key id \(keyID)") }
        if spiIsSource == false { parts.append("SPI is not the source address") }
        switch verification {
        case .unchecked: break
        case .valid: parts.append("made with " + (givenKey?.escapedForTerminal ?? "a given key"))
        case .invalid: parts.append("fits no given key")
        }
        return kind.rawValue + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }

    /// The members of a report's `authentication`, and of a packet's.
    var members: [(String, JSONValue)] {
        [
            ("type", .string(kind.rawValue)),
            ("keyTag", JSONValue(key?.tag)),
            ("keyID", JSONValue(keyID)),
            ("verification", JSONValue(verdict)),
            ("givenKey", JSONValue(givenKey)),
        ]
    }
}

extension AuthenticationKey {
    /// The password as text, without its padding; bytes outside ASCII are escaped like controls.
    fileprivate var text: String {
        var text = ""
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: secret >> UInt64(56 - 8 * $0)) }
        for byte in bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1) {
            let scalar = String(Unicode.Scalar(byte))
            text += byte < 0x80 ? scalar.escapedForTerminal : "\\x" + hexadecimal(UInt64(byte), digits: 2)
        }
        return text
    }
}

extension AuthenticationDetails {
    /// The authentication in a router's latest advertisement.
    init(of router: Router, givenKeys: [String]) {
        if let use = router.authentications.last {
            self.init(use, givenKeys: givenKeys)
        } else {
            self.init(kind: .unknown)
        }
        note(spi: router.authenticationTrace?.spi, from: router.address)
    }

    init(_ use: Router.AuthenticationUse, givenKeys: [String]) {
        self.init(kind: use.kind, verification: use.verification, givenKeys: givenKeys)
        key = use.key
        keyID = use.keyID
    }
}

/// A router's clock beside that of a capture.
package struct SenderClockReport: Sendable {
    package var capture: Int
    package var samples: Int
    package var layout: SenderClock.Layout?
    package var lag: TimeSpan
    package var leastLag: TimeSpan
    package var greatestLag: TimeSpan

    init(capture: Int, _ clock: SenderClock) {
        self.capture = capture
        samples = clock.samples
        layout = clock.layout
        lag = clock.lag
        leastLag = clock.leastLag
        greatestLag = clock.greatestLag
    }

    var json: JSONValue {
        .object([
            ("capture", JSONValue(capture)),
            ("samples", JSONValue(samples)),
            ("layout", JSONValue(layout?.rawValue)),
            ("lagMs", JSONValue(lag)),
            ("leastLagMs", JSONValue(leastLag)),
            ("greatestLagMs", JSONValue(greatestLag)),
        ])
    }
}

extension SenderClock.Layout {
    var words: String {
        switch self {
        case .fraction: "2.4.1 and later"
        case .counter: "2.4.0"
        }
    }
}

extension ReportDocument.VirtualRouter {
    /// The greatest difference between the routers' clocks in one capture; `nil` where no capture saw two clocks.
    var clockSkew: TimeSpan? {
        let clocks = Dictionary(grouping: routers.flatMap(\.clocks), by: \.capture).values.filter { $0.count > 1 }
        return clocks.compactMap { clocks in
            guard let least = clocks.map(\.leastLag).min(), let most = clocks.map(\.leastLag).max() else { return nil }
            return most - least
        }.max()
    }

    /// Whether they are apart by more than half the window that keepalived has by default, at which it warns: three
    /// intervals, and five seconds at least.
    var clockSkewIsFar: Bool {
        guard let skew = clockSkew else { return false }
        let interval = routers.compactMap(\.advertInterval).max() ?? .zero
        return skew > max(interval * 3, .seconds(5)) / 2
    }
}

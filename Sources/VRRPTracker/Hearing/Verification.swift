internal import VRRPWire

/// The result of checking an advertisement against the given keys.
package enum Verification: Hashable, Sendable {
    /// No key was given for the advertisement, it is not authenticated, or the capture cut the bytes to be checked.
    case unchecked
    /// The advertisement was made with a given key.
    case valid(KeyProof)
    /// None of the keys given for the advertisement fits.
    case invalid

    package var proof: KeyProof? {
        if case .valid(let proof) = self { proof } else { nil }
    }
}

/// The given key that an advertisement was made with, and the method.
///
/// Two routers understand each other when both are equal.
package struct KeyProof: Hashable, Sendable {
    /// The way in which an integrity check value was computed, where more than one is in use.
    package struct Method: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// TTL zeroed, as RFC 2402 section 3.3.3.1.1 asks; keepalived leaves it in for multicast.
        package static let zeroedTTL = Self(rawValue: 1)
        /// The key whole, although keepalived uses no more than its first eight bytes.
        package static let wholeKey = Self(rawValue: 2)
        /// Mutable IPv4 options zeroed, as RFC 4302 section 3.3.3.1.1.2 asks; keepalived leaves them in.
        package static let zeroedOptions = Self(rawValue: 4)
    }

    /// The position of the key among those given, from 0: its label is that of ``Observation/givenKeys``.
    package var key: UInt16
    package var method: Method

    package init(key: UInt16, method: Method = []) {
        self.key = key
        self.method = method
    }
}

/// The visible part of the key that an advertisement is authenticated with.
enum Credential: Hashable, Sendable {
    case none
    /// The eight bytes of RFC 2338 section 5.3.10.
    case password(UInt64, Verification)
    /// The key does not show; in an `auth_hmac` trailer its number does.
    case integrityValue(keyID: UInt8?, Verification)

    init(
        _ packet: borrowing VRRPPacket,
        _ kind: AuthenticationKind,
        hasAH: Bool,
        _ verification: Verification
    ) {
        switch kind {
        case .hmac: self = .integrityValue(keyID: packet.hmacTrailer?.keyID, verification)
        case .ciscoMD5: self = .integrityValue(keyID: nil, verification)
        case .none, .simpleText, .ah, .unknown:
            if hasAH {
                self = .integrityValue(keyID: nil, verification)
            } else if kind == .simpleText, let password = packet.authenticationData {
                self = .password(password, verification)
            } else {
                self = .none
            }
        }
    }

    var password: UInt64? {
        if case .password(let password, _) = self { password } else { nil }
    }

    var keyID: UInt8? {
        if case .integrityValue(let keyID, _) = self { keyID } else { nil }
    }

    var verification: Verification {
        switch self {
        case .none: .unchecked
        case .password(_, let verification), .integrityValue(_, let verification): verification
        }
    }

    /// Whether a receiver with this credential takes another's for genuine.
    ///
    /// keepalived may know more keys by number than the one that it signs with, so a number that differs decides nothing.
    func acceptance(of other: Self) -> Acceptance {
        switch (self, other) {
        case (.password(let own, _), .password(let received, _)):
            return own == received ? .accepts : .rejects(.password)
        case (.integrityValue(let own, let ours), .integrityValue(let received, let theirs)):
            if own != received { return .dependsOnImplementation(.keyID) }
            switch (ours, theirs) {
            case (.valid(let left), .valid(let right)): return left == right ? .accepts : .rejects(.key)
            case (.valid, .invalid), (.invalid, .valid): return .rejects(.key)
            case (.invalid, .invalid), (.unchecked, _), (_, .unchecked): return .accepts
            }
        case (.none, _), (_, .none), (.password, _), (.integrityValue, _): return .accepts
        }
    }
}

package import VRRPWire

/// Facts from the headers and trailers of a router's authenticated advertisements, with or without a given key.
package struct AuthenticationTrace: Sendable {
    /// More observers than this are not told apart.
    static let mostObservers = 64

    /// The SPI of its latest Authentication Header; keepalived sets the source address and accepts nothing else
    /// (`vrrp_build_ipsecah` and `vrrp_in_chk_ipsecah` in vrrp.c).
    package internal(set) var spi: UInt32?
    /// By observer, what the trailers say about its clock.
    package internal(set) var clocks: [Int: SenderClock] = [:]
    /// The latest step back in the sequence of advertisements that are genuine.
    package internal(set) var stepBack: StepBack?
    /// The latest sequence of a genuine advertisement by observer: their clocks need not agree on the order.
    private var sequences: [Int: UInt64] = [:]

    package struct StepBack: Hashable, Sendable {
        package var from: UInt64
        package var to: UInt64
    }

    /// Keeps the sequence of a genuine advertisement, and returns whether it grew as it must.
    ///
    /// Of one sender it grows strictly: receivers discard what is not above the last they accepted (keepalived,
    /// `vrrp_in_chk_ipsecah` in vrrp.c, `replay_ok` in vrrp_auth_hmac.c), there in the serial arithmetic of RFC 1982.
    mutating func grows(to sequence: UInt64, _ observer: Int) -> Bool {
        guard let last = sequences.updateValue(sequence, forKey: observer) else {
            if sequences.count > Self.mostObservers { sequences[observer] = nil }
            return true
        }
        guard Int64(bitPattern: sequence &- last) <= 0 else { return true }
        stepBack = StepBack(from: last, to: sequence)
        return false
    }

    /// Adds a trailer's statement about its sender's clock, and returns how far that clock moved since the one before.
    mutating func add(_ trailer: HMACTrailer, _ sighting: Sighting) -> TimeSpan? {
        guard clocks[sighting.clock] != nil || clocks.count < Self.mostObservers else { return nil }
        return clocks[sighting.clock, default: SenderClock()].add(trailer, at: sighting.instant)
    }
}

/// A sender's clock beside a capture's, from keepalived's `auth_hmac` trailers.
package struct SenderClock: Hashable, Sendable {
    /// The contents of the word behind the seconds of a trailer.
    package enum Layout: String, Hashable, Sendable {
        /// A fraction and a counter, from keepalived 2.4.1 on.
        case fraction
        /// A counter alone, as in keepalived 2.4.0.
        case counter
    }

    /// The change of the least lag that is news: the clock was set.
    static let change: TimeSpan = .milliseconds(500)

    package private(set) var samples = 0
    /// The time by which the sender's clock was behind the capture's at the latest advertisement.
    package private(set) var lag = TimeSpan.zero
    /// The least lag.
    ///
    /// It includes the least delay on the way, so it is nearest to the difference between the two clocks.
    package private(set) var leastLag = TimeSpan.zero
    package private(set) var greatestLag = TimeSpan.zero
    private var hasFraction = false
    private var last: CaptureInstant?

    /// `nil` while the advertisements do not tell.
    package var layout: Layout? { hasFraction ? .fraction : samples > 2 ? .counter : nil }

    fileprivate mutating func add(_ trailer: HMACTrailer, at instant: CaptureInstant) -> TimeSpan? {
        lag = trailer.clockLag(behind: instant)
        leastLag = samples == 0 ? lag : min(leastLag, lag)
        greatestLag = samples == 0 ? lag : max(greatestLag, lag)
        samples += 1
        if trailer.hasFraction { hasFraction = true }
        let now = instant - lag
        defer { last = now }
        return last.map { now - $0 }
    }
}

extension Router {
    /// Notes the facts that only authenticated advertisements show; to be called before this one becomes the latest.
    mutating func noteAuthentication(_ received: borrowing ReceivedAdvertisement, isNew: Bool) -> News {
        if authenticationTraces.isEmpty { authenticationTraces.append(AuthenticationTrace()) }
        let sighting = received.sighting
        let trailer = received.trailer
        let before = authenticationTraces[0].clocks[sighting.clock]?.leastLag
        if let trailer, let step = authenticationTraces[0].add(trailer, sighting),
            gaps.last?.endEvidence == sighting.reference
        {
            gaps[gaps.count - 1].senderClockStep = step
        }
        let ah = received.authenticationHeader
        if let ah { authenticationTraces[0].spi = ah.spi }
        var news = News.none
        if let before, let now = authenticationTraces[0].clocks[sighting.clock]?.leastLag {
            news |= News(before - now > SenderClock.change)
        }
        switch received.content.credential.verification {
        case .unchecked: return news
        case .invalid: news |= note(ah == nil ? .wrongHMAC : .wrongAH, sighting)
        case .valid:
            guard let sequence = trailer?.sequence ?? ah.map({ UInt64($0.sequence) }) else { return news }
            let isDisorder = !isNew && sighting.instant - belief.spoke <= ElectionTimes.disorder(belief.interval)
            guard !isDisorder, !authenticationTraces[0].grows(to: sequence, sighting.observer) else { return news }
            news |= note(ah == nil ? .hmacSequenceBack : .ahSequenceBack, sighting)
        }
        return news
    }
}

package import VRRPWire

/// Advertisements of a router that came back: identical copies, later than a mirror port or a second capture shows them.
package struct Echoes: Hashable, Sendable {
    /// From as many on, a copy counts as an echo also where its sender has fallen silent.
    private static let known = 3

    package private(set) var occurrences: Occurrences
    /// The shortest time by which a copy came after its advertisement, about.
    package private(set) var shortest: TimeSpan
    package private(set) var longest: TimeSpan

    init(_ sighting: Sighting, after delay: TimeSpan) {
        occurrences = Occurrences(sighting)
        (shortest, longest) = (delay, delay)
    }

    mutating func add(_ sighting: Sighting, after delay: TimeSpan) {
        occurrences.add(sighting)
        (shortest, longest) = (min(shortest, delay), max(longest, delay))
    }

    /// Whether copies are known to come back after such a time.
    func hold(_ delay: TimeSpan, within tolerance: TimeSpan) -> Bool {
        occurrences.count >= Self.known && delay >= shortest - tolerance && delay <= longest + tolerance
    }
}

extension Router {
    /// The time after which an advertisement comes back, about; `nil` for one that is no echo.
    ///
    /// An echo has the MAC address, the bytes and the identification of an advertisement that the same capture showed
    /// before, of a sender that counts and has counted on since, or has not had the time to send the next one. Where the
    /// identification is always the same, or 0, nothing proves an echo.
    func echoDelay(of received: borrowing ReceivedAdvertisement) -> TimeSpan? {
        // A signed one that comes again is a replay, which the sequence of its sender tells.
        guard !received.content.hidesItsKey, let identification = received.identification,
            identification != 0 || identifications.counts,
            let latest = belief.identification,
            received.sourceMAC == lastMAC, received.content.ttl == belief.advertisement.ttl,
            recent.contains(
                identification: identification,
                checksum: received.checksum,
                of: received.sighting.observer
            )
        else { return nil }
        let distance = received.sighting.instant - belief.spoke
        let interval = belief.interval
        let steps = IdentificationSeries.step(from: identification, to: latest)
        // keepalived numbers from 1 when it starts (`vrrp_build_ip4`), and may then say the same as before.
        guard identification != 1 || steps == 0 else { return nil }
        // The same one for another unicast peer may have waited for that peer's MAC address.
        guard steps > 0 || received.content.destination == belief.advertisement.destination else { return nil }
        guard !identifications.isUnknown else {
            return steps == 0 && distance < interval * 7 / 8 ? distance : nil
        }
        // A number ahead of the latest is that of a sender that was restarted and counts again.
        guard identifications.mayCount, steps < RecentAdvertisements.kept else { return nil }
        let delay = distance + interval * Int64(steps)
        let isAlive = distance <= ElectionTimes.overdue(interval)
        return isAlive || echoes?.hold(delay, within: interval / 4) == true ? delay : nil
    }

    /// Notes that an advertisement came back.
    mutating func noteEcho(_ sighting: Sighting, after delay: TimeSpan) -> News {
        if echoTraces.isEmpty {
            echoTraces.append(Echoes(sighting, after: delay))
        } else {
            echoTraces[0].add(sighting, after: delay)
        }
        return News(echoTraces[0].occurrences.count <= Occurrences.kept)
    }
}

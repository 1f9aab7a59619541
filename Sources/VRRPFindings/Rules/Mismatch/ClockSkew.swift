internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The clocks of routers that sign with `auth_hmac` are further apart than their receivers allow.
package enum ClockSkew: VirtualRouterRule {
    package static let rule = Rule(
        "clock-skew",
        .warning,
        .mismatch,
        summary: "senders' clocks, by their HMAC trailers, are further apart than the receivers' window",
        clauses: [],
        causeRank: 22,
        page: Rule.Page(
            meaning: """
                Routers sign their advertisements with keepalived's `auth_hmac`, which sends the time along. The times that \
                they send at one instant differ by more than a receiver accepts.
                """,
            importance: """
                A receiver takes an advertisement from too far in the past or future for a replay and discards it. Both \
                routers become master.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 v3 hmac some-key
                router B 10.0.0.2 priority 90 v3 hmac some-key
                0..12 every 1 A
                3.7 B clock-behind 20
                12.5 end
                """,
            causes: [
                "a router without NTP, or one whose clock was set by hand",
                "a virtual machine that was suspended and goes on with an old clock",
            ],
            remedy: """
                Compare `chronyc tracking` or `timedatectl` on both routers, and set the clock that is off. A larger \
                time_window in auth_hmac hides the difference and weakens the protection.
                """,
            notThis: "A capture whose own clock is off: it is off by the same for all senders.",
            thresholds: """
                three advertisement intervals, at least five seconds, which is the window that keepalived has by default; \
                one second more where a trailer counts whole seconds (2.4.0)
                """,
            references: ["keepalived.conf(5), auth_hmac"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let window = max(subject.interval * 3, .seconds(5))
        let observers = Set(subject.routers.flatMap { $0.authenticationTrace?.clocks.keys.map(\.self) ?? [] }).sorted()
        let views = observers.compactMap { View(of: subject, by: $0, window) }
        guard let widest = views.max(by: { $0.skew < $1.skew }) else { return [] }
        let lags = widest.clocks.map { clock in
            let side = clock.lag < .zero ? "ahead of" : "behind"
            let place = clock.lag == .zero ? "equal to" : "\(text(clock.lag.magnitude)) \(side)"
            return "the clock of \(subject.routers[clock.router].address) is \(place) the capture's clock"
        }
        return [
            subject.disagreement(
                rule,
                among: widest.clocks.map(\.router),
                summary: "the clocks of \(subject.names(widest.clocks.map(\.router))) are \(text(widest.skew)) apart",
                explanation:
                    "By the HMAC trailers of their advertisements, \(list(lags)). A receiver accepts a difference of "
                    + "\(text(window)) by default (time_window).",
                evidence: widest.clocks.map { subject.routers[$0.router].authentications.last?.evidence }.compactMap(
                    \.self
                )
            )
        ]
    }

    /// The clocks of several routers, as one capture sees them.
    private struct View {
        var clocks: [(router: Int, lag: TimeSpan)]
        var skew: TimeSpan

        /// `nil` where they agree within the window.
        init?(of subject: Subject, by observer: Int, _ window: TimeSpan) {
            clocks = []
            var isExact = true
            for position in subject.routers.indices {
                guard let clock = subject.routers[position].authenticationTrace?.clocks[observer] else { continue }
                clocks.append((position, clock.leastLag))
                isExact = isExact && clock.layout == .fraction
            }
            guard let least = clocks.map(\.lag).min(), let most = clocks.map(\.lag).max() else { return nil }
            skew = most - least
            guard skew > (isExact ? window : window + .seconds(1)) else { return nil }
        }
    }
}

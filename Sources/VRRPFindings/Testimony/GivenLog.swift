internal import VRRPFacts
package import VRRPTestimony
package import VRRPWire

/// A router's own log, as it was given.
package struct GivenLog: Sendable {
    /// The path of the text, as it was given.
    package var source: String
    /// The router's name or address; `nil` where nobody said whose log it is.
    package var name: String?
    package var testimony: Testimony
    /// The time by which the clocks of a log without a zone are ahead of UTC at an instant.
    package var local: @Sendable (CaptureInstant) -> TimeSpan

    package init(
        source: String,
        name: String?,
        testimony: Testimony,
        local: @escaping @Sendable (CaptureInstant) -> TimeSpan = { _ in .zero }
    ) {
        self.source = source
        self.name = name
        self.testimony = testimony
        self.local = local
    }

    /// The logs in one text: one, or one for each host that speaks in it.
    ///
    /// - Parameters:
    ///   - source: the path of the text.
    ///   - name: the name of the router that was said to have written it, which is meant for one host alone.
    ///   - testimonies: the statements of each host.
    ///   - local: the time by which clocks without a zone are ahead of UTC.
    /// - Returns: the logs, in the order of the testimonies.
    package static func all(
        source: String,
        name: String?,
        _ testimonies: [Testimony],
        local: @escaping @Sendable (CaptureInstant) -> TimeSpan = { _ in .zero }
    ) -> [GivenLog] {
        guard testimonies.count > 1 else {
            return testimonies.map { GivenLog(source: source, name: name, testimony: $0, local: local) }
        }
        let hosts = testimonies.compactMap(\.host)
        return testimonies.map { testimony in
            var testimony = testimony
            if let name, !hosts.contains(name) {
                testimony.note(problem: "it holds lines of \(list(hosts)), so that \(name) is not whose log it is")
            }
            return GivenLog(source: source, name: testimony.host ?? name, testimony: testimony, local: local)
        }
    }
}

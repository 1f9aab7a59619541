package import VRRPWire

/// The deeds done to routers and the routers' own words, as the recordings of the lab keep them.
package struct TruthLog: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case start, stop, kill, pause, resume, linkDown, linkUp
        /// The router's own words.
        case master, backup, fault
    }

    package struct Row: Hashable, Sendable {
        package var time: TimeSpan
        package var router: Int
        package var event: Event

        package init(_ time: TimeSpan, _ router: Int, _ event: Event) {
            self.time = time
            self.router = router
            self.event = event
        }
    }

    package var rows: [Row]
    package var shortestInterval: TimeSpan

    package init(rows: [Row], shortestInterval: TimeSpan) {
        self.rows = rows
        self.shortestInterval = shortestInterval
    }

    /// The routers that are master by their own words and able to send: not ended, not paused, not cut off.
    ///
    /// A pause in which nobody took over is one reign with late adverts.
    package var timeline: MasterTimeline {
        var masters: Set<Int> = []
        var unable: Set<Int> = []
        var timeline = MasterTimeline()
        let rows = rows.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element
        )
        for (index, row) in rows.enumerated() {
            switch row.event {
            case .master: masters.insert(row.router)
            case .backup, .fault, .stop, .kill: masters.remove(row.router)
            case .pause: if !isUnnoticed(rows[index...]) { unable.insert(row.router) }
            case .linkDown: unable.insert(row.router)
            case .resume, .linkUp, .start: unable.remove(row.router)
            }
            timeline.append(masters.subtracting(unable), from: row.time)
        }
        return timeline
    }

    /// Whether the first of these rows pauses a router for so short a time that nobody takes over.
    private func isUnnoticed(_ rows: ArraySlice<Row>) -> Bool {
        guard let pause = rows.first else { return false }
        let endings: Set<Event> = [.resume, .stop, .kill]
        let end =
            rows.first { $0.router == pause.router && endings.contains($0.event) }?.time ?? rows[rows.endIndex - 1].time
        guard end - pause.time <= shortestInterval * 4 else { return false }
        return !rows.contains {
            $0.event == .master && $0.router != pause.router && $0.time > pause.time
                && $0.time <= end + .milliseconds(200)
        }
    }
}

internal import VRRPFacts
internal import VRRPWire

/// Finds the router that each point is at, where something shows it.
struct LocationFinder {
    /// The time within which two stamps are of one frame, in nanoseconds.
    private static let together: Int64 = 100_000_000

    private let survey: Survey
    private let clocks: PointClocks

    /// By host and point: the number of its frames that came first there, that were seen nowhere else, and of all that
    /// were sent while the point captured.
    private var firsts: [Int32: [Int: Int]] = [:]
    private var alone: [Int32: [Int: Int]] = [:]
    private var totals: [Int32: [Int: Int]] = [:]

    init(_ survey: Survey, _ places: [Place], _ clocks: PointClocks) {
        self.survey = survey
        self.clocks = clocks
        guard places.count > 1 else { return }
        var sights: [(identity: UInt64, instant: Int64, point: Int, speaker: Int32)] = []
        for (point, own) in clocks.samples.enumerated() {
            for sight in own {
                sights.append((sight.identity, clocks.instant(of: sight, at: point), point, sight.speaker))
            }
        }
        let spans = places.indices.map { Self.spans(of: places[$0], at: $0, survey, clocks) }
        sights.sort { ($0.identity, $0.instant, $0.point) < ($1.identity, $1.instant, $1.point) }
        var start = 0
        for index in sights.indices {
            let isLast =
                index + 1 == sights.count || sights[index + 1].identity != sights[start].identity
                || sights[index + 1].instant - sights[start].instant > Self.together
            guard isLast else { continue }
            let first = sights[start]
            for point in spans.indices where Self.holds(spans[point], first.instant) {
                totals[first.speaker, default: [:]][point, default: 0] += 1
            }
            let other = sights[start...index].first { $0.point != first.point }
            if let other {
                if other.instant > first.instant { firsts[first.speaker, default: [:]][first.point, default: 0] += 1 }
            } else {
                alone[first.speaker, default: [:]][first.point, default: 0] += 1
            }
            start = index + 1
        }
    }

    /// The stretches from the first to the last frame of each file of a point, in order and apart: a file may be missing.
    private static func spans(
        of place: Place,
        at point: Int,
        _ survey: Survey,
        _ clocks: PointClocks
    ) -> [VantagePoint.Stretch] {
        let stretches = place.views.map { view in
            let view = survey.views[view]
            let (first, last) = (CaptureInstant(nanoseconds: view.first), CaptureInstant(nanoseconds: view.last))
            return VantagePoint.Stretch(
                from: clocks.corrected(first, of: view.file, isEnd: false, at: point),
                to: clocks.corrected(last, of: view.file, isEnd: true, at: point)
            )
        }
        return VantagePoint.Stretch.joined(stretches)
    }

    /// Whether an instant lies in one of some stretches, which are in order and apart.
    private static func holds(_ spans: [VantagePoint.Stretch], _ nanoseconds: Int64) -> Bool {
        let instant = CaptureInstant(nanoseconds: nanoseconds)
        let next = spans.partitioningIndex { $0.end >= instant }
        return next < spans.count && spans[next].start <= instant
    }

    /// Notes at each place the router that it is at.
    func locate(_ places: inout [Place]) {
        for point in places.indices {
            if let name = places[point].name, let address = named(name) {
                (places[point].at, places[point].how) = (address, .named)
                places[point].hosts = [address]
            } else if let state = places[point].state, let address = state.addresses.first {
                let known = host(with: state).map { addresses(of: $0, at: point) } ?? []
                (places[point].at, places[point].how) = (known.first ?? address, .addresses)
                places[point].hosts = known.isEmpty ? [address] : known
            } else if let (host, how) = host(at: places[point], point) {
                let known = addresses(of: host, at: point)
                (places[point].at, places[point].how, places[point].hosts) = (known.first, how, known)
                if known.isEmpty { places[point].how = nil }
            }
        }
    }

    private func named(_ name: String) -> IPAddress? {
        survey.hosts.lazy.compactMap(\.address).first { $0.description == name }
    }

    /// The host that has the addresses and MAC addresses of an interface; `nil` where it sent nothing.
    ///
    /// Virtual addresses are among those of a master, so the MAC address comes first, then the order of the addresses.
    private func host(with state: HostState) -> Int32? {
        let own = survey.hosts.indices.compactMap { host -> (rank: (Int, Int, Int), host: Int32)? in
            let known = survey.hosts[host]
            guard let place = known.address.flatMap({ state.addresses.firstIndex(of: $0) }) else { return nil }
            let hasMAC = known.mac.map { state.macs.contains($0) } ?? false
            return ((hasMAC ? 0 : 1, known.advertises ? 0 : 1, place), Int32(host))
        }
        return own.min { $0.rank < $1.rank }?.host
    }

    /// The host that a point is at, and the evidence.
    private func host(at place: Place, _ point: Int) -> (Int32, VantagePoint.Location)? {
        var signs: [Int32: Survey.Signs] = [:]
        for view in place.views {
            for (speaker, own) in survey.views[view].signs {
                signs[speaker, default: Survey.Signs()].outgoing += own.outgoing
                signs[speaker, default: Survey.Signs()].short += own.short
                signs[speaker, default: Survey.Signs()].padded += own.padded
            }
        }
        if let host = best(signs.filter { $0.value.outgoing > 0 }.map(\.key)) { return (host, .outgoing) }
        let short = signs.filter { $0.value.short > 0 && $0.value.padded == 0 }.map(\.key)
        let isPaddedElsewhere = signs.contains { $0.value.padded > 0 && $0.value.short == 0 }
        if isPaddedElsewhere, let host = only(short) { return (host, .unpadded) }
        guard clocks.samples.count > 1 else { return nil }
        let near = firsts.filter { speaker, points in
            let own = points[point, default: 0] + alone[speaker, default: [:]][point, default: 0]
            return points[point, default: 0] > 0 && own * 5 >= totals[speaker, default: [:]][point, default: 0] * 4
        }.map(\.key)
        let routers = near.filter { survey.hosts[Int($0)].advertises }
        if let host = only(routers) { return (host, .firstAdverts) }
        if routers.isEmpty, let host = only(near.filter { survey.hosts[Int($0)].address != nil }) {
            return (host, .firstFrames)
        }
        let exclusive = alone.filter { speaker, points in
            survey.hosts[Int(speaker)].advertises && points[point, default: 0] > 0
                && points[point, default: 0] == totals[speaker, default: [:]][point, default: 0]
        }.map(\.key)
        let shown = Set(clocks.samples[point].map(\.speaker)).filter { survey.hosts[Int($0)].advertises }
        if let host = only(exclusive), exclusive.count == shown.count { return (host, .onlyHere) }
        return nil
    }

    /// The one host that several speakers are; `nil` where they are several, or none.
    private func only(_ speakers: [Int32]) -> Int32? {
        guard let first = best(speakers) else { return nil }
        let macs = Set(speakers.compactMap { survey.hosts[Int($0)].mac })
        let isOne = speakers.count == 1 || (macs.count == 1 && speakers.allSatisfy { survey.hosts[Int($0)].mac != nil })
        guard isOne || hasOneIPv4(speakers) else { return nil }
        return first
    }

    private func hasOneIPv4(_ speakers: [Int32]) -> Bool {
        let addresses = Set(speakers.compactMap { survey.hosts[Int($0)].address }.filter { $0.family == .ipv4 })
        return addresses.count == 1
    }

    /// The speaker by whose address a host is called: of advertisements, and of IPv4 first.
    private func best(_ speakers: [Int32]) -> Int32? {
        speakers.min { rank($0) < rank($1) }
    }

    private func rank(_ speaker: Int32) -> (Int, Int, Int32) {
        let host = survey.hosts[Int(speaker)]
        return (host.advertises ? 0 : 1, host.address.map { $0.family == .ipv4 ? 0 : 1 } ?? 2, speaker)
    }

    /// The addresses of a host, that by which it is called first.
    private func addresses(of host: Int32, at point: Int) -> [IPAddress] {
        let mac = survey.hosts[Int(host)].mac
        let alike = survey.hosts.indices.map(Int32.init).filter { other in
            other == host || (mac != nil && survey.hosts[Int(other)].mac == mac)
        }
        return alike.sorted { rank($0) < rank($1) }.compactMap { survey.hosts[Int($0)].address }
    }
}

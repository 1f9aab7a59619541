import Foundation
import Testing
import VRRPCapture
import VRRPFacts
import VRRPFindings
import VRRPTestSupport
import VRRPTestimony
import VRRPTracker
import VRRPWire

/// The logs of real keepalived and FRR, as `truth.jsonl` of each recording holds them, laid beside the recording's capture.
@Suite struct LogRecordingTests {
    private struct Entry: Decodable {
        var t: Double
        var router: String
        var event: String
        var detail: String
    }

    private static let states: [String: Statement.Kind] = [
        "MASTER": .master, "BACKUP": .backup, "FAULT": .fault, "INIT": .initialize,
    ]

    /// Recordings of which one capture shows everything, each with its routers.
    static func recordings() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: SourceTree.url("Fixtures/Captures").path).sorted().filter {
            let folder = "Fixtures/Captures/\($0)"
            return ["capture.pcap", "truth.jsonl"].allSatisfy {
                FileManager.default.fileExists(atPath: SourceTree.url("\(folder)/\($0)").path)
            }
        }
    }

    private static func entries(_ name: String) throws -> [Entry] {
        try String(contentsOf: SourceTree.url("Fixtures/Captures/\(name)/truth.jsonl"), encoding: .utf8)
            .split(separator: "\n").map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .sorted { $0.t < $1.t }
    }

    private static func observation(_ name: String) throws -> Observation {
        let file = try CaptureFile(path: SourceTree.url("Fixtures/Captures/\(name)/capture.pcap").path)
        var analysis = Analysis()
        var isThere = file.advance()
        while isThere {
            isThere = file.lendFrames(until: .distantFuture) { frame in
                let sighting = Sighting(
                    FrameReference(capture: 0, frame: frame.number),
                    at: frame.instant,
                    interface: frame.interface
                )
                _ = analysis.take(frame.bytes, linkType: frame.linkType, sighting)
                return .continue
            }
        }
        analysis.finish(at: file.instant)
        return analysis.observation
    }

    /// The forms in which a log is written for the test.
    enum Form: String, CaseIterable {
        case console, unix, iso, syslog

        var zone: Double { self == .iso || self == .syslog ? 7200 : 0 }

        /// The time of a line by a clock that is ahead by so many seconds.
        func stamp(_ time: Double, ahead: Double) -> String {
            if self == .unix { return String(format: "%.6f r1 Keepalived_vrrp[1]: ", time + ahead) }
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(secondsFromGMT: Int(zone))
            formatter.dateFormat =
                switch self {
                case .console: "EEE MMM d HH:mm:ss yyyy: "
                case .iso: "yyyy-MM-dd'T'HH:mm:ss.SSS'+02:00 r1 Keepalived_vrrp[1]: '"
                case .unix, .syslog: "MMM d HH:mm:ss 'r1 Keepalived_vrrp[1]: '"
                }
            return formatter.string(from: Date(timeIntervalSince1970: time + ahead))
        }

        var resolution: Double { self == .unix ? 1e-6 : self == .iso ? 1e-3 : 1 }
    }

    /// A router's log without the times that its daemon wrote.
    private static func log(of router: String, _ entries: [Entry], _ form: Form, ahead: Double) -> String {
        entries.filter { $0.router == router }.compactMap { entry -> String? in
            let stamp = form.stamp(entry.t, ahead: ahead)
            if entry.event == "start" { return stamp + "Starting VRRP child process, pid=2" }
            guard states[entry.event] != nil else { return nil }
            let times = /(?:\w{3} \w{3} +\d+ [\d:]+ \d{4}: |[\d\/]+ [\d:]+ VRRP: )/
            let message = entry.detail.firstRange(of: times).map { entry.detail[$0.upperBound...] } ?? entry.detail[...]
            return stamp + message
        }.joined(separator: "\n")
    }

    /// The address of a router of the lab, `10.51.0.1` or `fe80::51:ff:fe00:1`.
    private static func address(of router: String, in observation: Observation) -> IPAddress? {
        let number = router.dropFirst()
        let names = ["10.51.0.\(number)", "fe80::51:ff:fe00:\(number)"]
        let speakers = observation.virtualRouters.flatMap { $0.routers.map(\.address) }
        return names.compactMap { IPAddress(text: $0) }.first(where: speakers.contains)
    }

    @Test("a router's states are read as its log says them, in every form", arguments: try recordings())
    func states(in name: String) throws {
        let entries = try Self.entries(name)
        for router in Set(entries.map(\.router)).sorted() where router.hasPrefix("r") {
            let truth = entries.filter { $0.router == router }.compactMap { Self.states[$0.event] }
            for form in Form.allCases {
                let text = Self.log(of: router, entries, form, ahead: 0)
                let read = TestimonyReader.read(text)[0].statements.map(\.kind).filter(\.isState)
                #expect(read == truth, "\(name) \(router) \(form)")
            }
            // What the lab's own pump wrote, with the daemon's time inside.
            let pumped = entries.filter { $0.router == router && Self.states[$0.event] != nil }
                .map { String(format: "%.6f ", $0.t) + $0.detail }.joined(separator: "\n")
            let testimony = TestimonyReader.read(pumped)[0]
            #expect(testimony.statements.map(\.kind).filter(\.isState) == truth, "\(name) \(router)")
            #expect(testimony.statements.allSatisfy { $0.stamp?.resolution == TimeSpan(nanoseconds: 1000) })
        }
    }

    /// Forms, and the seconds by which their clocks are ahead.
    private static let clocks: [(Form, Double)] = [
        (.unix, 0), (.unix, -90), (.iso, 10), (.console, 0), (.syslog, -90), (.syslog, 10),
    ]

    @Test(
        "a log's clock is found whatever it shows, and the log agrees with the timeline",
        arguments: try recordings()
    )
    func clocks(in name: String) throws {
        let entries = try Self.entries(name)
        let observation = try Self.observation(name)
        var (same, known) = (TimeSpan.zero, TimeSpan.zero)
        for router in Set(entries.map(\.router)).sorted() where router.hasPrefix("r") {
            guard let address = Self.address(of: router, in: observation) else { continue }
            for (form, ahead) in Self.clocks {
                let testimony = TestimonyReader.read(Self.log(of: router, entries, form, ahead: ahead))[0]
                let given = GivenLog(source: "log", name: "\(address)", testimony: testimony)
                let witness = try #require(Witnesses([given], beside: observation, .none, []).all.first)
                #expect(witness.at == address)
                guard let offset = witness.clockOffset, let error = witness.clockOffsetError else { continue }
                let clock = offset - witness.zone
                // Its pause is as long as the clock is ahead, so that a clock that is nearly right explains the log as well.
                if name == "orphaned-garp", ahead == 10, clock.magnitude <= .seconds(2) { continue }
                let miss = (clock - .milliseconds(Int64(ahead * 1000))).magnitude
                #expect(
                    miss <= error + .milliseconds(10),
                    "\(name) \(router) \(form) \(ahead): \(clock.milliseconds) ± \(error.milliseconds) ms"
                )
                #expect(error <= .milliseconds(form.resolution < 1 ? 150 : 1000), "\(name) \(router) \(form)")
                if form == .syslog { #expect(witness.zone == .seconds(7200), "\(name) \(router)") }
                for course in witness.courses {
                    let (agreeing, all) = Self.agreement(of: course, with: observation)
                    same = same + agreeing
                    known = known + all
                }
            }
        }
        let share = known > .zero ? same / known : 1
        #expect(share > 0.9, "\(name): \(share) of \(known.seconds) s")
    }

    /// The time for which a log and the timeline agree whether a router is master, and the time that both tell of.
    private static func agreement(
        of course: Witness.Course,
        with observation: Observation
    ) -> (same: TimeSpan, known: TimeSpan) {
        guard let virtualRouter = observation.virtualRouters.first(where: { $0.key == course.virtualRouter }) else {
            return (.zero, .zero)
        }
        var (same, known) = (TimeSpan.zero, TimeSpan.zero)
        for interval in virtualRouter.history(in: observation).timeline
        where interval.state != .notObserved && interval.state != .uncertain {
            for word in course.words where !word.isStale && word.end > interval.start && word.start < interval.end {
                let length = min(word.end, interval.end) - max(word.start, interval.start)
                known = known + length
                if interval.masters.contains(course.router) == (word.state == .master) { same = same + length }
            }
        }
        return (same, known)
    }
}

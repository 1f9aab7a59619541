import Foundation
import Subprocess
import Testing

/// A week of a virtual router that advertises once a second, in less than a minute, with everything on that a service may
/// have on.
///
/// The usage of the program is read after equal numbers of packets, so that neither a slow machine nor a fast one
/// changes the comparison. `Load/sender.py` says what the routers live through. `.ci/test` runs the suite alone: what the
/// program drops because other tests take the machine is memory that it does not need yet.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: Lab.obstacle == nil && Vrrpwatch.release != nil, "needs network namespaces and VRRPWATCH_RELEASE")
)
struct SoakTests {
    /// A second; each of 2000 virtual routers advertises every 16 hundredths of it.
    private static let rate = 12_500
    private static let seconds = 49
    /// After how many tenths of the packets there is as much of everything as there may ever be: the ring of evidence is
    /// full, 128 intervals are open to what comes later, and transitions are forgotten for those that come.
    private static let tenthsToFill = 5
    /// The number of tenths after ``tenthsToFill`` that are compared with the tenths to come.
    private static let tenthsToCompare = 3
    /// KiB that the least of what is resident may grow; a hundred and twenty bytes kept of each packet are more.
    ///
    /// An allocator keeps more or less of what was given back at any one look, but seldom at all of them: seven runs grew by 1 to
    /// 15 MiB.
    private static let mostGrowth = 20_480
    /// KiB that the peak may grow, to which a page of metrics and all else that happens at once add up by chance.
    private static let mostGrowthOfPeak = 32_768
    /// Beside it run tests whose routers must speak in time.
    private static let politely = ["nice", "-n", "5"]
    /// Swift's pool ends workers that have nothing to do, and begins them again.
    private static let mostFurtherThreads = 2

    @Test func aWeekOfPacketsLeavesMemoryAndDescriptorsAsTheyWere() async throws {
        try await Lab.run { lab in
            let output = try SoakOutput(in: lab.folder)
            let arguments = ["watch", lab.first.name] + output.arguments
            let release = try #require(Vrrpwatch.release)
            let status = try await lab.vrrpwatch(under: Self.politely, executable: release, arguments) { watch in
                try await eventually("first event") { try output.lastEvent()?.isEmpty == false }
                let samples = try await soak(watch, output, in: lab)
                check(samples)
                try watch.interrupt()
            }
            #expect(status == 0)
            let event = try #require(try output.lastEvent().flatMap { try Event(line: $0, type: "statistics") })
            let capture = try #require(event.captures?.first)
            let dropped = try #require(capture.dropped)
            #expect(capture.adverts + dropped == Self.rate * Self.seconds, "each is seen, or reported as dropped")
            try output.checkAtEnd()
        }
    }

    /// Sends, and looks after each tenth; at what is resident after each hundredth.
    private func soak(_ watch: LabProcess, _ output: SoakOutput, in lab: Lab) async throws -> [Usage] {
        let script = Fixture.package.appending(path: "Tests/EndToEndTests/Load/sender.py").path
        let command = Self.politely + ["python3", script, "eth0", "\(Self.rate)", "\(Self.seconds)", "soak"]
        var samples: [Usage] = []
        try await LabProcess.run(in: lab.first.namespace, command, outlivesBody: false) { sender in
            for tenth in 1...10 {
                var least = Int.max
                for hundredth in 10 * tenth - 9...10 * tenth {
                    let beginning = "\(hundredth)/100: "
                    _ = try await sender.find("hundredth", within: .seconds(60)) {
                        $0.hasPrefix(beginning) ? true : nil
                    }
                    least = min(least, try Usage(of: watch.identifier).resident)
                }
                // Files begin anew as for logrotate, with a page of metrics: the peak of memory is that of this tenth.
                let page = try output.pageDate()
                try watch.send(.terminalClosed)
                try await eventually("page of metrics") { try output.pageDate() != page }
                var usage = try await Usage(settled: watch.identifier, atMost: samples.last?.descriptors)
                usage.resident = least
                samples.append(usage)
                try output.checkRing()
            }
        }
        return samples
    }

    private func check(_ samples: [Usage]) {
        let figures = Comment(rawValue: samples.map(\.description).joined(separator: "\n"))
        let filled = samples[Self.tenthsToFill - 1]
        let later = samples[Self.tenthsToFill...]
        let resident = samples.dropFirst(Self.tenthsToFill - 1).map(\.resident)
        let soon = resident.prefix(Self.tenthsToCompare).min() ?? 0
        let late = resident.dropFirst(Self.tenthsToCompare).min() ?? .max
        #expect(late - soon < Self.mostGrowth, figures)
        #expect(later.allSatisfy { $0.peak - filled.peak < Self.mostGrowthOfPeak }, figures)
        #expect(later.allSatisfy { $0.descriptors <= filled.descriptors }, figures)
        #expect(later.allSatisfy { abs($0.threads - filled.threads) <= Self.mostFurtherThreads }, figures)
    }
}

/// The resources that a process uses, in the words of proc(5).
private struct Usage: CustomStringConvertible {
    /// VmRSS and VmHWM in KiB.
    var resident: Int
    var peak: Int
    /// Without those of a program of `--exec` that runs.
    var descriptors: Int
    var threads: Int

    var description: String {
        "resident \(resident) KiB, at most \(peak) KiB, \(descriptors) descriptors, \(threads) threads"
    }

    init(of process: pid_t) throws {
        let folder = "/proc/\(process)"
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        func kibibytes(_ name: String) throws -> Int {
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
            return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        }
        resident = try kibibytes("VmRSS")
        peak = try kibibytes("VmHWM")
        let files = FileManager.default
        descriptors = try files.contentsOfDirectory(atPath: "\(folder)/fd").count { name in
            // Absence is the meaning: it was closed since.
            let target = try? files.destinationOfSymbolicLink(atPath: "\(folder)/fd/\(name)")
            return target.map { $0 != "anon_inode:[pidfd]" } ?? false
        }
        threads = try files.contentsOfDirectory(atPath: "\(folder)/task").count
    }

    /// Reads the usage at a time when no descriptor is open that is closed at once.
    ///
    /// Such descriptors are a program's input and the pipe that tells whether the program could be started, the ring's
    /// next file before the last is closed, a page of metrics, and a counter of the interface. The usage is therefore
    /// read again while there are more descriptors than expected, or a few times where no number is expected.
    init(settled process: pid_t, atMost expected: Int?) async throws {
        self = try Usage(of: process)
        for _ in 0..<(expected == nil ? 50 : 500) where descriptors > expected ?? 0 {
            try await Task.sleep(for: .milliseconds(10))
            let again = try Usage(of: process)
            if again.descriptors < descriptors { self = again }
        }
    }
}

/// The files of a soak.
private struct SoakOutput {
    private static let fileSize = 1_000_000
    private static let fileCount = 4
    private static let evidenceCount = 2
    /// The number of reigns that are kept of each of 2000 virtual routers (`TrackerLimits.service`).
    private static let mostReigns = 32

    private let folder: URL
    private var ring: URL { folder.appending(path: "ring") }
    private var evidence: URL { folder.appending(path: "evidence") }
    private var events: URL { folder.appending(path: "events.ndjson") }
    private var page: URL { folder.appending(path: "vrrpwatch.prom") }
    private var program: URL { folder.appending(path: "notify") }

    init(in folder: URL) throws {
        self.folder = folder
        for folder in [ring, evidence] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        // A minute has to pass before a case is complete, so there is one at the end: with these, one too many.
        for day in 1...3 {
            let name = "vrrpwatch-2000010\(day)T000000Z-split-brain-untagged-ipv4-51.pcapng"
            try Data().write(to: evidence.appending(path: name))
        }
        // It takes its time: the queue is full, and the machine is not.
        try Data("#!/bin/sh\nread event && exec sleep 0.05\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    }

    var arguments: [String] {
        // A large buffer for a busy machine, and nothing that the kernel has to say on a new link.
        ["--format", "ndjson", "-B", "16384", "-f", "not ip6", "-o", events.path]
            + ["-w", ring.appending(path: "vrrp.pcapng").path, "-C", "1", "-W", "\(Self.fileCount)"]
            + ["--evidence", evidence.path, "--evidence-files", "\(Self.evidenceCount)"]
            + ["--metrics-file", page.path, "--exec", program.path, "--exec-timeout", "1"]
    }

    func pageDate() throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: page.path)[.modificationDate] as? Date
    }

    /// The last line of the events.
    func lastEvent() throws -> String? {
        guard FileManager.default.fileExists(atPath: events.path) else { return nil }
        let file = try FileHandle(forReadingFrom: events)
        defer { try? file.close() }
        let end = try file.seekToEnd()
        try file.seek(toOffset: end - min(end, 65_536))
        let tail = try file.readToEnd() ?? Data()
        return tail.split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0, as: UTF8.self) }
    }

    /// While it is written to, the next file is there before the oldest is removed.
    func checkRing(most: Int = fileCount + 1) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: ring.path)
        #expect(names.count <= most)
        for name in names {
            // Absence is the meaning: it was removed since.
            let attributes = try? FileManager.default.attributesOfItem(atPath: ring.appending(path: name).path)
            #expect(attributes?[.size] as? Int ?? 0 <= Self.fileSize)
        }
    }

    /// Nothing is left over, and all of it was used.
    func checkAtEnd() throws {
        try checkRing(most: Self.fileCount)
        let cases = try FileManager.default.contentsOfDirectory(atPath: evidence.path).sorted()
        #expect(cases.count == Self.evidenceCount)
        let latest = evidence.appending(path: try #require(cases.last)).path
        let size = try #require(try FileManager.default.attributesOfItem(atPath: latest)[.size] as? Int)
        // Frames for sixteen MiB of memory, and the comments of findings.
        #expect((1 << 20...16 << 20).contains(size), "\(latest)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["events.ndjson", "evidence", "notify", "ring", "vrrpwatch.prom"])

        let samples = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        func value(_ beginning: String) -> Int {
            let sample = samples.first { $0.hasPrefix("vrrpwatch_\(beginning)") }
            return sample?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        }
        for id in ["split-brain", "no-master", "bad-checksum", "flapping"] {
            #expect(value(#"findings_opened_total{id="\#(id)""#) > 0, "\(id)")
        }
        #expect(value(#"hook_runs_total{result="ok"}"#) > 0)
        #expect(value("hook_dropped_total") > 0)
        let resignations = #"master_changes_total{interface="r1",vlan="1",family="ipv4",vrid="1",reason="resigned"}"#
        #expect(value(resignations) > 2 * Self.mostReigns)
    }
}

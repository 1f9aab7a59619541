import Foundation
import Testing
import VRRPFindings
@testable import VRRPLive
@testable import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Programs that are told of events.
@Suite struct HookTests {
    init() {
        // As the program does: one that does not read its input is no reason to die.
        signal(SIGPIPE, SIG_IGN)
    }

    private static let instant = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    /// To so many masters.
    private static func transition(to masters: Int, priority: UInt8?) -> LiveEvent {
        let transition = ReportDocument.Transition(
            instant: instant,
            earliest: instant,
            latest: instant,
            isVague: false,
            from: [],
            to: (0..<masters).map { IPAddress(ipv4: 0x0a00_0001 + UInt32($0)) },
            cause: .timeout,
            outage: nil,
            bound: nil,
            announced: nil,
            evidence: [],
            names: [:],
            successorPriority: priority
        )
        return LiveEvent(
            instant: instant,
            kind: .transition(
                virtualRouter: VirtualRouterName(id: "untagged/ipv4/51", vrid: 51, addresses: []),
                transition,
                corrects: 0
            )
        )
    }

    private static func finding(_ id: String = "split-brain") -> ReportDocument.Finding {
        .open(id, at: instant, summary: "two")
    }

    @Test func argumentsAreThoseOfKeepalived() {
        let one = Self.transition(to: 1, priority: 100)
        #expect(HookCall(one)?.arguments == ["INSTANCE", "untagged/ipv4/51", "MASTER", "100"])
        let two = Self.transition(to: 2, priority: 90)
        #expect(HookCall(two)?.arguments == ["INSTANCE", "untagged/ipv4/51", "SPLIT", "90"])
        let none = Self.transition(to: 0, priority: nil)
        #expect(HookCall(none)?.arguments == ["INSTANCE", "untagged/ipv4/51", "FAULT", "0"])
    }

    @Test func findingsAreToldByIdAndSeverity() throws {
        let opened = LiveEvent(instant: Self.instant, kind: .findingOpened(Self.finding()))
        let call = try #require(HookCall(opened))
        #expect(call.arguments == ["FINDING", "split-brain", "OPENED", "critical"])
        #expect(call.input == opened.json.compactText + "\n")
        let closed = LiveEvent(instant: Self.instant, kind: .findingClosed(Self.finding()))
        #expect(HookCall(closed)?.arguments == ["FINDING", "split-brain", "CLOSED", "critical"])
    }

    @Test func theProgramGetsArgumentsAndTheEventInOrder() async throws {
        let folder = try Folder()
        let log = folder.path("log")
        let program = try script(#"echo "$@" >> "\#(log)"; cat >> "\#(log)""#, in: folder)
        let queue = HookQueue(program: program, timeout: .seconds(30))
        let events = [1, 2, 3].map { Self.transition(to: 1, priority: UInt8($0)) }
        for event in events { queue.add(event) }
        await queue.finish(within: .seconds(60))
        let expected = events.compactMap { HookCall($0) }.map { $0.arguments.joined(separator: " ") + "\n" + $0.input }
        #expect(try String(contentsOfFile: log, encoding: .utf8) == expected.joined())
        #expect(queue.counts.succeeded == 3)
        #expect(queue.takeComplaints() == [])
    }

    @Test func failuresAreCountedAndTold() async throws {
        let folder = try Folder()
        let queue = HookQueue(program: try script("exit 3", in: folder), timeout: .seconds(30))
        queue.add(Self.transition(to: 1, priority: 1))
        await queue.finish(within: .seconds(60))
        #expect(queue.counts.failed == 1)
        let complaints = queue.takeComplaints()
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasSuffix("INSTANCE untagged/ipv4/51 MASTER 1: status 3") == true)
    }

    @Test func aProgramThatIsNotThereIsAFailure() async {
        let queue = HookQueue(program: "/nowhere/at/all", timeout: .seconds(30))
        queue.add(Self.transition(to: 1, priority: 1))
        await queue.finish(within: .seconds(60))
        #expect(queue.counts.failed == 1)
        #expect(queue.takeComplaints().count == 1)
    }

    @Test func aProgramThatHangsIsEndedWithAllItStarted() async throws {
        let folder = try Folder()
        let pipe = folder.path("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        // Both ignore the polite request, and each holds the pipe while it lives.
        let program = try script(#"exec 3> "\#(pipe)"; trap '' TERM; echo started >&3; sleep 600 & wait"#, in: folder)
        let queue = HookQueue(program: program, timeout: .seconds(2))
        queue.add(Self.transition(to: 1, priority: 1))
        await queue.finish(within: .seconds(60))
        #expect(queue.counts.timedOut == 1)
        #expect(queue.takeComplaints().first?.hasSuffix("ended, it took too long") == true)
        // What is killed goes when the kernel gets to it, which closes the pipe.
        var notice = pollfd(fd: reader, events: 0, revents: 0)
        #expect(unsafe poll(&notice, 1, 30_000) == 1)
        #expect(notice.revents == Int16(POLLHUP), "the program's child is still there")
    }

    @Test func theQueueIsBoundedAndCountsWhatItLeavesOut() async throws {
        let folder = try Folder()
        let gate = folder.path("gate")
        // Nothing is taken from the queue but the first until the gate is there.
        let program = try script(#"until [ -e "\#(gate)" ]; do sleep 0.01; done"#, in: folder)
        let queue = HookQueue(program: program, timeout: .seconds(60))
        let count = 3 * HookQueue.longest
        for _ in 0..<count { queue.add(Self.transition(to: 1, priority: 1)) }
        let dropped = queue.counts.dropped
        #expect(dropped >= count - HookQueue.longest - 1)
        try folder.write([], to: "gate")
        await queue.finish(within: .seconds(60))
        #expect(queue.counts.succeeded + dropped == count)
    }

    /// Calls by what they are about: a finding of a virtual router each.
    private func call(
        _ id: String,
        _ virtualRouter: String,
        _ severity: Severity = .critical
    ) throws -> HookCall {
        var finding = Self.finding(id)
        finding.name = VirtualRouterName(id: virtualRouter, vrid: 51, addresses: [])
        finding.severity = severity
        return try #require(HookCall(LiveEvent(instant: Self.instant, kind: .findingOpened(finding))))
    }

    private func order(_ line: HookLine) -> [String] {
        var line = line
        var order: [String] = []
        while let call = line.removeNext() { order.append("\(call.arguments[1]) \(call.virtualRouter)") }
        return order
    }

    @Test func theGravestComesFirst() throws {
        var line = HookLine(most: 8)
        let findings: [(String, Severity)] = [
            ("priority-tie", .notice), ("failover", .warning), ("split-brain", .critical), ("missed-adverts", .notice),
            ("no-master", .critical),
        ]
        for (id, severity) in findings {
            let hasRoom = line.add(try call(id, "a", severity))
            #expect(hasRoom)
        }
        let expected = ["split-brain a", "no-master a", "failover a", "priority-tie a", "missed-adverts a"]
        #expect(order(line) == expected)
    }

    @Test func virtualRoutersTakeTurns() throws {
        var line = HookLine(most: 8)
        for _ in 0..<3 { _ = line.add(try call("split-brain", "a")) }
        _ = line.add(try call("split-brain", "b"))
        _ = line.add(try call("no-master", "b"))
        let expected = ["split-brain a", "split-brain b", "split-brain a", "no-master b", "split-brain a"]
        #expect(order(line) == expected)
    }

    @Test func aFloodTakesNobodyElsesPlace() throws {
        var line = HookLine(most: 4)
        _ = line.add(try call("split-brain", "b"))
        for _ in 0..<400 { _ = line.add(try call("split-brain", "a")) }
        for _ in 0..<400 { _ = line.add(try call("missed-adverts", "c", .notice)) }
        #expect(line.count == 4)
        _ = line.add(try call("no-master", "d"))
        let expected = ["split-brain b", "split-brain a", "no-master d", "split-brain a"]
        #expect(order(line) == expected)
    }

    @Test func eventsOfOneMatterKeepTheirOrder() throws {
        var line = HookLine(most: 8)
        var incident = try call("failover", "a")
        incident.arguments[1] = "opened"
        incident.severity = .notice
        incident.matter = "INCIDENT 1"
        _ = line.add(incident)
        incident.arguments[1] = "changed"
        incident.severity = .critical
        _ = line.add(incident)
        _ = line.add(try call("failover", "b", .warning))
        #expect(order(line) == ["opened a", "changed a", "failover b"])
    }

    @Test func whatIsNotRunIsToldWhileItHappens() async throws {
        let folder = try Folder()
        let gate = folder.path("gate")
        let program = try script(#"until [ -e "\#(gate)" ]; do sleep 0.01; done"#, in: folder)
        let queue = HookQueue(program: program, timeout: .seconds(60))
        for _ in 0..<3 * HookQueue.longest { queue.add(Self.transition(to: 1, priority: 1)) }
        let complaints = queue.takeComplaints()
        #expect(complaints.count == 1)
        #expect(complaints.first?.hasPrefix("--exec was not run for") == true)
        #expect(queue.takeComplaints() == [])
        try folder.write([], to: "gate")
        await queue.finish(within: .seconds(60))
    }

    @Test func aProgramThatHangsAtTheEndIsEndedToo() async throws {
        let folder = try Folder()
        let pipe = folder.path("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        let program = try script(#"exec 3> "\#(pipe)"; trap '' TERM; echo started >&3; sleep 600 & wait"#, in: folder)
        let queue = HookQueue(program: program, timeout: .seconds(600))
        queue.add(Self.transition(to: 1, priority: 1))
        queue.add(Self.transition(to: 2, priority: 1))
        await queue.finish(within: .seconds(1))
        var notice = pollfd(fd: reader, events: 0, revents: 0)
        #expect(unsafe poll(&notice, 1, 30_000) == 1)
        #expect(notice.revents & Int16(POLLHUP) != 0, "the program's child is still there")
        #expect(queue.counts.dropped == 1)
    }

    private func script(_ body: String, in folder: Folder) throws -> String {
        let path = folder.path("hook-\(UUID().uuidString)")
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }
}

import CPcap
import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

@Suite struct LiveCaptureTests {
    @Test func anInterfaceThatIsNotThere() {
        let error = #expect(throws: CaptureError.self) { _ = try LiveCapture(interface: "no-such-one") }
        #expect(error?.code == .noSuchInterface)
        #expect(!Interfaces.exists("no-such-one"))
        #expect(Interfaces.exists("lo"))
        #expect(Interfaces.exists("any"))
    }

    @Test func interfacesAreListedWithWhatHinders() throws {
        let interfaces = try Interfaces.all()
        let loopback = try #require(interfaces.first { $0.name == "lo" })
        #expect(loopback.isLoopback)
        for interface in interfaces {
            guard let obstacle = interface.obstacle, obstacle.code == .notPermitted else { continue }
            #expect(obstacle.capability == "CAP_NET_RAW")
        }
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func framesOfAPairWithTheirTags() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "vw0")
            var kept: [KeptFrame] = []
            var ticks = 0
            try capture.run(
                until: try StopSignal(),
                onFrame: { frame in
                    if isOurs(frame) { kept.append(KeptFrame(frame)) }
                    return kept.count == 3 ? .stop : .continue
                },
                onEvent: { event in
                    guard case .tick = event else { return .continue }
                    ticks += 1
                    if ticks == 1 { Namespace.send(LiveFrames.all, by: "vw1") }
                    return ticks == 100 ? .stop : .continue
                }
            )
            return Outcome(frames: kept, summary: capture.summary)
        }
        #expect(outcome.frames.map(\.bytes) == LiveFrames.relevant)
        #expect(outcome.frames.allSatisfy { $0.linkType == LinkType.ethernet.rawValue && $0.interface == 0 })
        #expect(outcome.summary?.format == .live)
        #expect(outcome.summary?.interfaceNames == ["vw0"])
        #expect(outcome.summary?.dropped == 0)
        #expect(outcome.summary?.problems.isEmpty == true)
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anyTellsInterfacesApart() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "any")
            var kept: [KeptFrame] = []
            var ticks = 0
            try capture.run(
                until: try StopSignal(),
                onFrame: { frame in
                    let bytes = frame.bytes
                    if bytes.count > 1, bytes[0] == 8, bytes[1] == 0 { kept.append(KeptFrame(frame)) }
                    return kept.count == 2 ? .stop : .continue
                },
                onEvent: { event in
                    guard case .tick = event else { return .continue }
                    ticks += 1
                    if ticks == 1 { Namespace.send([LiveFrames.relevant[0]], by: "vw1") }
                    return ticks == 100 ? .stop : .continue
                }
            )
            return Outcome(frames: kept, summary: capture.summary)
        }
        // Once where it left and once where it arrived.
        let names = outcome.summary?.interfaceNames ?? []
        #expect(outcome.frames.count == 2)
        #expect(Set(outcome.frames.map { names[$0.interface] }) == ["vw0", "vw1"])
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anInterfaceThatGoesAway() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "vw0")
            var isDeleted = false
            try capture.run(
                until: try StopSignal(),
                onFrame: { _ in .continue },
                onEvent: { event in
                    if case .tick = event, !isDeleted {
                        isDeleted = true
                        Namespace.ip("link", "delete", "vw0")
                    }
                    return .continue
                }
            )
            return Outcome()
        }
        #expect(outcome.error?.code == .interfaceGone)
        #expect(outcome.error?.path == "vw0")
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func stoppingFromAnotherThread() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let captures = [try LiveCapture(interface: "vw0"), try LiveCapture(interface: "vw1")]
            let stop = try StopSignal()
            var other: CaptureThread?
            var failure: CaptureError?
            try LiveCapture.run(
                captures,
                until: stop,
                onFrame: { _, _ in .continue },
                onEvent: { event in
                    guard case .tick = event, other == nil else { return .continue }
                    do throws(CaptureError) {
                        other = try CaptureThread { stop.stop() }
                    } catch {
                        failure = error
                        return .stop
                    }
                    return .continue
                }
            )
            other?.join()
            return Outcome(error: failure)
        }
        #expect(outcome.error == nil)
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func whatWasCapturedBeforeTheEndIsLent() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "vw0")
            let stop = try StopSignal()
            // More than are lent at once.
            Namespace.send(Array(repeating: LiveFrames.relevant[0], count: 600), by: "vw1")
            stop.stop()
            var outcome = Outcome()
            try capture.run(
                until: stop,
                onFrame: { frame in
                    if isOurs(frame) { outcome.frames.append(KeptFrame(frame)) }
                    return .continue
                },
                onEvent: { _ in .continue }
            )
            return outcome
        }
        #expect(outcome.frames.count == 600)
    }

    /// Watches vw0 while `deeds` are done one after another, each when the change before it was seen and a frame came.
    private func changes(
        _ options: LiveCapture.Options = LiveCapture.Options(),
        after deeds: [@Sendable () -> Void],
        isLast: @escaping @Sendable (LinkChange.State) -> Bool
    ) throws -> Outcome {
        try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "vw0", options: options)
            var outcome = Outcome()
            var next = 0
            var isOver = false
            var turns = 0
            try capture.run(
                until: try StopSignal(),
                onFrame: { frame in
                    guard isOurs(frame) else { return .continue }
                    outcome.frames.append(KeptFrame(frame))
                    return isOver ? .stop : .continue
                },
                onEvent: { event in
                    turns += 1
                    // Long enough for everything, so that a failure is one and no standstill.
                    guard turns < 400 else { return .stop }
                    switch event {
                    case .gap(let gap, _, _): outcome.gaps.append(gap)
                    case .link(let change, _):
                        outcome.changes.append(change)
                        isOver = isOver || isLast(change.state)
                    case .tick:
                        if next < deeds.count, outcome.changes.count >= next {
                            deeds[next]()
                            next += 1
                        } else if isOver {
                            Namespace.send([LiveFrames.relevant[0]], by: "vw1")
                        }
                    case .clockStep, .readable: break
                    }
                    return .continue
                }
            )
            outcome.summary = capture.summary
            return outcome
        }
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func aLinkThatIsDownIsAGapUntilItIsUp() throws {
        let outcome = try changes(
            after: [
                { Namespace.ip("link", "set", "vw1", "down") }, { Namespace.ip("link", "set", "vw1", "up") },
            ],
            isLast: { $0 == .up }
        )
        #expect(outcome.error == nil)
        #expect(outcome.changes.map(\.state) == [.down, .up])
        #expect(outcome.gaps.allSatisfy { $0.reason == .linkDown && $0.droppedFrames == 0 })
        // Without a hole, so that no silence counts.
        for (one, next) in zip(outcome.gaps, outcome.gaps.dropFirst()) { #expect(one.end == next.start) }
        #expect(!outcome.frames.isEmpty, "it is watched on")
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anInterfaceThatIsSetDownIsWatchedOn() throws {
        let outcome = try changes(
            after: [
                { Namespace.ip("link", "set", "vw0", "down") }, { Namespace.ip("link", "set", "vw0", "up") },
            ],
            isLast: { $0 == .up }
        )
        #expect(outcome.error == nil)
        #expect(outcome.changes.map(\.state) == [.down, .up])
        #expect(!outcome.gaps.isEmpty)
        #expect(!outcome.frames.isEmpty, "it is watched on")
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anInterfaceOfAnotherNameIsWatchedOn() throws {
        let outcome = try changes(
            after: [
                { Namespace.ip("link", "set", "vw0", "down") }, { Namespace.ip("link", "set", "vw0", "name", "lan0") },
                { Namespace.ip("link", "set", "lan0", "up") },
            ],
            isLast: { $0 == .up }
        )
        #expect(outcome.error == nil)
        #expect(outcome.changes.map(\.state) == [.down, .renamed, .up])
        #expect(outcome.changes.map(\.interface) == ["vw0", "vw0", "lan0"])
        #expect(outcome.changes.map(\.newName) == [nil, "lan0", nil])
        #expect(!outcome.frames.isEmpty, "it is watched on")
        #expect(outcome.summary?.source == "vw0")
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anInterfaceThatIsMadeAgainIsWaitedFor() throws {
        let outcome = try changes(
            LiveCapture.Options(isPatient: true),
            after: [
                { Namespace.ip("link", "delete", "vw0") }, { Namespace.makePair() },
            ],
            isLast: { $0 == .back || $0 == .up }
        )
        #expect(outcome.error == nil)
        #expect(outcome.changes.contains { $0.state == .gone })
        #expect(outcome.changes.contains { $0.state == .back })
        #expect(!outcome.gaps.isEmpty)
        #expect(!outcome.frames.isEmpty, "it is watched again")
    }

    @Test(.enabled(if: Namespace.isPossible, "network namespaces need root"))
    func anInterfaceThatIsNotThereYetIsWaitedFor() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "later", options: LiveCapture.Options(isPatient: true))
            var outcome = Outcome()
            try capture.run(
                until: try StopSignal(),
                onFrame: { _ in .continue },
                onEvent: { event in
                    guard case .link(let change, _) = event else { return .continue }
                    outcome.changes.append(change)
                    if change.state == .gone {
                        Namespace.ip("link", "add", "later", "type", "veth", "peer", "name", "other")
                        Namespace.ip("link", "set", "other", "up")
                        Namespace.ip("link", "set", "later", "up")
                    }
                    return change.state == .back ? .stop : .continue
                }
            )
            return outcome
        }
        #expect(outcome.error == nil)
        #expect(outcome.changes.map(\.state) == [.gone, .back])
    }

    @Test("what the kernel drops is counted to the packet", .enabled(if: Namespace.isPossible, "needs root"))
    func losses() throws {
        let sent = 5000
        let outcome = try Namespace.run { () throws(CaptureError) in
            // What the kernel has to say on a new link might be among the lost.
            let options = LiveCapture.Options(bufferKiB: 64, filter: "not ip6")
            let capture = try LiveCapture(interface: "vw0", options: options)
            // While nobody reads, the buffer overflows.
            Namespace.send(Array(repeating: LiveFrames.relevant[0], count: sent), by: "vw1")
            var outcome = Outcome()
            var isLast = false
            try capture.run(
                until: try StopSignal(),
                onFrame: { frame in
                    if isOurs(frame) { outcome.frames.append(KeptFrame(frame)) }
                    return .continue
                },
                onEvent: { event in
                    if case .gap(let gap, _, _) = event {
                        outcome.gaps.append(gap)
                        isLast = true
                    }
                    if case .tick = event, isLast { return .stop }
                    return .continue
                }
            )
            outcome.summary = capture.summary
            return outcome
        }
        let lost = outcome.gaps.reduce(0) { $0 + Int($1.droppedFrames) }
        #expect(lost > 0)
        #expect(outcome.frames.count + lost == sent)
        #expect(outcome.gaps.allSatisfy { $0.droppedFrames > 0 })
        #expect(outcome.summary?.dropped == UInt64(lost))
    }
}

/// The outcome of a scenario in a namespace.
private struct Outcome: Sendable {
    var frames: [KeptFrame] = []
    var summary: CaptureDescription?
    var gaps: [BlindSpot] = []
    var changes: [LinkChange] = []
    var error: CaptureError?
}

private enum LiveFrames {
    static let relevant = [[], [10], [20, 10]].map {
        FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112), tags: $0)
    }

    /// With one between that the filter must keep out, to the same address.
    static let all = [relevant[0], FilterFrame.ethernet(0x0800, FilterFrame.ipv4(17)), relevant[1], relevant[2]]
}

/// Whether a frame goes to the virtual routers' Ethernet address: the kernel has things of its own to say on a new link.
private func isOurs(_ frame: borrowing Frame) -> Bool {
    let bytes = frame.bytes
    return bytes.count > 6 && (0..<6).allSatisfy { bytes[$0] == [1, 0, 0x5e, 0, 0, 0x12][$0] }
}

/// A network namespace of its own, with a pair of connected interfaces, vw0 and vw1.
private enum Namespace {
    private final class Box: @unchecked Sendable {
        var outcome = Outcome()
        var isEntered = false
    }

    static let isPossible: Bool = {
        let box = Box()
        // Without a thread there is no namespace either.
        guard let thread = try? CaptureThread({ box.isEntered = enter() }) else { return false }
        thread.join()
        return box.isEntered
    }()

    /// Runs a scenario on a thread that is in the namespace; what it throws is part of the outcome.
    static func run(
        _ scenario: @escaping @Sendable () throws(CaptureError) -> Outcome
    ) throws(CaptureError) -> Outcome {
        let box = Box()
        let thread = try CaptureThread {
            guard enter() else { return }
            do throws(CaptureError) {
                box.outcome = try scenario()
            } catch {
                box.outcome.error = error
            }
        }
        thread.join()
        return box.outcome
    }

    /// Moves the calling thread, and only it, to a new namespace.
    private static func enter() -> Bool {
        typealias Unshare = @convention(c) (CInt) -> CInt
        // The function is not in Swift's module of the C library; 0x40000000 is CLONE_NEWNET.
        guard geteuid() == 0, let symbol = unsafe dlsym(nil, "unshare") else { return false }
        let unshare = unsafe unsafeBitCast(symbol, to: Unshare.self)
        return unshare(0x4000_0000) == 0
            && makePair()
    }

    @discardableResult
    static func makePair() -> Bool {
        ip("link", "add", "vw0", "type", "veth", "peer", "name", "vw1")
            && ip("link", "set", "vw0", "up") && ip("link", "set", "vw1", "up")
    }

    @discardableResult
    static func ip(_ arguments: String...) -> Bool {
        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = unsafe (["ip"] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var status: CInt = -1
        guard unsafe posix_spawnp(&process, "ip", nil, nil, words, environ) == 0 else { return false }
        return unsafe waitpid(process, &status, 0) == process && status == 0
    }

    static func send(_ frames: [[UInt8]], by interface: String) {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_open_live(interface, 65_535, 0, 1, &message) else { return }
        defer { unsafe pcap_close(handle) }
        for frame in frames { _ = unsafe pcap_inject(handle, frame, frame.count) }
    }
}

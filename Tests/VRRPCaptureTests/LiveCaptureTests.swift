import CPcap
import Glibc
import Testing
import VRRPCapture
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
    func aLinkThatIsDownIsAGap() throws {
        let outcome = try Namespace.run { () throws(CaptureError) in
            let capture = try LiveCapture(interface: "vw0")
            var gap: ObservationGap?
            var isDown = false
            try capture.run(
                until: try StopSignal(),
                onFrame: { _ in .continue },
                onEvent: { event in
                    if case .gap(let seen, capture: 0) = event { gap = seen }
                    if case .tick = event, !isDown {
                        isDown = true
                        Namespace.ip("link", "set", "vw1", "down")
                    }
                    return gap == nil ? .continue : .stop
                }
            )
            return Outcome(gap: gap)
        }
        #expect(outcome.error == nil)
        #expect(outcome.gap?.cause == .linkDown)
        #expect(outcome.gap?.droppedFrames == 0)
    }
}

/// What a scenario in a namespace came to.
private struct Outcome: Sendable {
    var frames: [KeptFrame] = []
    var summary: CaptureSummary?
    var gap: ObservationGap?
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
            && ip("link", "add", "vw0", "type", "veth", "peer", "name", "vw1")
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

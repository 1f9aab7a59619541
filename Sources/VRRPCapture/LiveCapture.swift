internal import CPcap
internal import Glibc
package import VRRPWire

/// A live capture on one interface, by libpcap.
///
/// Not for concurrent use: open it, then run it, on one thread at a time.
@safe
package final class LiveCapture: @unchecked Sendable {
    /// How to capture; the defaults are those of `vrrpwatch watch`.
    package struct Options: Sendable {
        /// The most bytes captured of a frame.
        package var snapLength: Int
        package var isPromiscuous: Bool
        /// The kernel's buffer in KiB; `nil` for libpcap's default of 2 MiB.
        package var bufferKiB: Int?
        /// An expression that relevant frames must also pass.
        package var filter: String?
        /// Whether ``CaptureFilter/relevant(for:)`` applies; without it every frame is captured.
        package var isRelevantOnly: Bool

        package init(
            snapLength: Int = 65_535,
            isPromiscuous: Bool = true,
            bufferKiB: Int? = nil,
            filter: String? = nil,
            isRelevantOnly: Bool = true
        ) {
            self.snapLength = snapLength
            self.isPromiscuous = isPromiscuous
            self.bufferKiB = bufferKiB
            self.filter = filter
            self.isRelevantOnly = isRelevantOnly
        }
    }

    /// What a loop says besides frames.
    package enum Event: Hashable, Sendable {
        /// The clock now: every frame that was captured before it has been lent. Comes at least every 50 ms.
        case tick(CaptureInstant)
        /// Frames were lost on the capture of that index, or could not have been seen.
        case gap(ObservationGap, capture: Int)
        /// The system's clock jumped against its monotonic clock, forward if positive.
        case clockStep(TimeSpan, at: CaptureInstant)
    }

    /// The longest time between two ticks, in milliseconds.
    package static let tickMilliseconds: Int32 = 50
    /// The most frames lent between looks at the clock and the stop signal.
    private static let batch = 256
    /// How many interfaces behind `any` are told apart.
    private static let interfaceLimit = 256
    private static let statisticsInterval = TimeSpan.seconds(1)
    /// A difference between the two clocks that slewing (at most 0.5 ms a second) cannot make in a tick.
    private static let clockStepThreshold = TimeSpan.milliseconds(10)

    package let interface: String
    package let linkType: LinkType
    private let snapLength: Int
    private let handle: OpaquePointer
    private let probe: CInt
    private let nanosecondsPerFraction: Int64

    private var number = 0
    private var first: CaptureInstant?
    private var latest: CaptureInstant?
    private var problems = ProblemList()
    private var interfaceNames: [String?]
    /// By kernel index, behind `any`.
    private var interfaceNumbers: [UInt32: Int] = [:]

    private var lastStatistics: CaptureInstant?
    private var lastStatisticsMonotonic = TimeSpan.zero
    private var lastDrops: (buffer: UInt32, interface: UInt32) = (0, 0)
    private var drops: UInt64 = 0
    private var wasUp = true

    /// Opens an interface, or `any`, and installs the filter; capturing begins at once, into the kernel's buffer.
    ///
    /// Frames of `any` are of link type LINUX_SLL2, whose interface index tells interfaces apart; the VLAN tags that
    /// the kernel has taken off are lost there, while the VLAN's own device still shows the frame.
    ///
    /// Throws ``CaptureError``: `noSuchInterface`, `notPermitted` (with the capability that is missing), `interfaceDown`,
    /// `invalidFilter`, `cannotOpen`.
    package init(interface: String, options: Options = Options()) throws(CaptureError) {
        guard Interfaces.exists(interface) else {
            throw CaptureError(.noSuchInterface, path: interface, detail: "There is no such interface.")
        }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create(interface, &message) else {
            throw CaptureError(.cannotOpen, path: interface, detail: text(message))
        }
        var isOpen = false
        defer { if !isOpen { unsafe pcap_close(handle) } }
        unsafe pcap_set_snaplen(handle, CInt(clamping: options.snapLength))
        unsafe pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        unsafe pcap_set_timeout(handle, Self.tickMilliseconds)
        unsafe pcap_set_immediate_mode(handle, 1)
        if let size = options.bufferKiB {
            unsafe pcap_set_buffer_size(handle, CInt(clamping: min(max(size, 1), 1 << 21) * 1024))
        }
        let hasNanoseconds = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0
        let status = unsafe pcap_activate(handle)
        guard status >= 0 else { throw unsafe Self.activationError(status, handle, interface) }
        if interface == "any" {
            // Older libpcaps know only LINUX_SLL there, which serves as well, with all interfaces as one.
            _ = unsafe pcap_set_datalink(handle, CInt(LinkType.linuxSLL2.rawValue))
        }
        let linkType = unsafe LinkType(dataLinkType: pcap_datalink(handle))
        let relevant = CaptureFilter.relevant(for: linkType, and: options.filter)
        try unsafe Self.install(options.isRelevantOnly ? relevant : options.filter ?? "", handle, interface)
        guard unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
            throw CaptureError(.cannotOpen, path: interface, detail: text(message))
        }
        if !options.isPromiscuous, interface != "any" {
            unsafe Self.joinGroups(handle, interface)
        }
        isOpen = true
        self.interface = interface
        self.linkType = linkType
        snapLength = unsafe Int(pcap_snapshot(handle))
        unsafe self.handle = handle
        nanosecondsPerFraction = hasNanoseconds ? 1 : 1000
        interfaceNames = linkType == .linuxSLL2 ? [] : [interface]
        probe = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        if !linkType.isSupported {
            report(.unsupported, "Frames of link type \(linkType.name) are counted and not decoded.")
        }
    }

    deinit {
        if probe >= 0 { close(probe) }
        unsafe pcap_close(handle)
    }

    /// Lends the frames of this interface until a closure says stop or `stop` is given.
    ///
    /// See ``run(_:until:onFrame:onEvent:)``.
    package func run(
        until stop: StopSignal,
        onFrame: (borrowing Frame) -> LoopControl,
        onEvent: (Event) -> LoopControl
    ) throws(CaptureError) {
        try Self.run([self], until: stop, onFrame: { _, frame in onFrame(frame) }, onEvent: onEvent)
    }

    /// Lends the frames of several interfaces, in the order in which they can be read, on the calling thread.
    ///
    /// Blocks, so the thread should be a ``CaptureThread`` or the main one, never one of Swift's cooperative pool. Frames
    /// come with the index of their capture. Throws ``CaptureError``: `interfaceGone` when one of them was deleted or
    /// renamed, after what was read has been lent; `cannotRead`.
    package static func run(
        _ captures: [LiveCapture],
        until stop: StopSignal,
        onFrame: (Int, borrowing Frame) -> LoopControl,
        onEvent: (Event) -> LoopControl
    ) throws(CaptureError) {
        var watched = captures.map {
            unsafe pollfd(fd: pcap_get_selectable_fd($0.handle), events: Int16(POLLIN), revents: 0)
        }
        watched.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0))
        var clock = ClockPair.now()
        var lastTick = clock.monotonic
        for capture in captures { capture.startStatistics(at: clock) }
        while true {
            let wait = TimeSpan.milliseconds(Int64(tickMilliseconds)) - (clock.monotonic - lastTick)
            let milliseconds = Int32(clamping: max(0, wait.nanoseconds / 1_000_000))
            // Interrupted or not, the loop looks at everything again.
            _ = unsafe poll(&watched, nfds_t(watched.count), milliseconds)
            if watched[captures.count].revents != 0 {
                reportLastStatistics(captures, onEvent)
                return
            }
            let before = clock
            clock = ClockPair.now()
            var hasMore = false
            for (index, capture) in captures.enumerated() {
                switch try capture.lend({ frame in onFrame(index, frame) }) {
                case .drained: break
                case .more: hasMore = true
                case .stopped: return
                }
                guard clock.monotonic - capture.lastStatisticsMonotonic >= statisticsInterval else { continue }
                for gap in capture.pollStatistics(at: clock) where onEvent(.gap(gap, capture: index)) == .stop {
                    return
                }
            }
            let step = clock.step(since: before)
            if step.magnitude > clockStepThreshold {
                for capture in captures { capture.noteClockStep(step) }
                if onEvent(.clockStep(step, at: clock.realtime)) == .stop { return }
            }
            // A tick promises that all earlier frames were lent, so it waits until the buffers are empty.
            if !hasMore, clock.monotonic - lastTick >= .milliseconds(Int64(tickMilliseconds)) {
                lastTick = clock.monotonic
                if onEvent(.tick(clock.realtime)) == .stop { return }
            }
        }
    }

    /// Whether the interface had a link when that was last asked.
    package var hasLink: Bool { wasUp }

    /// What is known of the capture so far.
    package var summary: CaptureSummary {
        var list = problems
        if drops > 0 {
            list.append(
                CaptureProblem(
                    kind: .dropped,
                    offset: nil,
                    frame: nil,
                    message: "Kernel and interface dropped \(drops) packets.",
                    isDamage: false
                )
            )
        }
        return CaptureSummary(
            source: interface,
            format: .live,
            linkTypes: [linkType],
            interfaceNames: interfaceNames,
            bytes: 0,
            packets: number,
            firstPacket: first,
            lastPacket: latest,
            dropped: drops,
            problems: list.problems,
            omittedProblems: list.omitted,
            snapLength: snapLength
        )
    }
}

// MARK: - Opening

extension LiveCapture {
    private static func activationError(_ status: CInt, _ handle: OpaquePointer, _ interface: String) -> CaptureError {
        let code: CaptureError.Code =
            switch status {
            case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED: .notPermitted
            case PCAP_ERROR_NO_SUCH_DEVICE: .noSuchInterface
            case PCAP_ERROR_IFACE_NOT_UP: .interfaceDown
            default: .cannotOpen
            }
        let reason = unsafe String(cString: pcap_geterr(handle))
        let detail = unsafe reason.isEmpty ? String(cString: pcap_statustostr(status)) : reason
        // Promiscuous mode by packet socket membership needs no more than the socket itself.
        return CaptureError(
            code,
            path: interface,
            detail: detail,
            capability: code == .notPermitted ? "CAP_NET_RAW" : nil
        )
    }

    private static func install(
        _ expression: String,
        _ handle: OpaquePointer,
        _ interface: String
    ) throws(CaptureError) {
        var program = unsafe bpf_program()
        guard unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw unsafe CaptureError(
                .invalidFilter,
                path: interface,
                detail: String(cString: pcap_geterr(handle))
            )
        }
        defer { unsafe pcap_freecode(&program) }
        guard unsafe pcap_setfilter(handle, &program) == 0 else {
            throw unsafe CaptureError(.cannotOpen, path: interface, detail: String(cString: pcap_geterr(handle)))
        }
    }
}

extension LiveCapture {
    /// The Ethernet addresses of 224.0.0.18 and ff02::12, to which advertisements go.
    private static let groups: [[UInt8]] = [[0x01, 0, 0x5e, 0, 0, 0x12], [0x33, 0x33, 0, 0, 0, 0x12]]

    /// Asks the interface for advertisements, which without promiscuous mode it need not hand up.
    ///
    /// Only the packet socket becomes a member, so no IGMP or MLD report betrays us. Devices without multicast refuse, and
    /// then there is nothing to ask for.
    private static func joinGroups(_ handle: OpaquePointer, _ interface: String) {
        let packetLevel: CInt = 263
        let addMembership: CInt = 1
        for group in groups {
            // struct packet_mreq: index, type (0 is multicast), address length, address in eight bytes.
            var request = [UInt8](repeating: 0, count: 16)
            unsafe request.withUnsafeMutableBytes { bytes in
                unsafe bytes.storeBytes(of: if_nametoindex(interface), as: UInt32.self)
                unsafe bytes.storeBytes(of: 6, toByteOffset: 6, as: UInt16.self)
            }
            request.replaceSubrange(8..<14, with: group)
            _ = unsafe setsockopt(
                pcap_get_selectable_fd(handle),
                packetLevel,
                addMembership,
                request,
                socklen_t(request.count)
            )
        }
    }
}

// MARK: - Running

extension LiveCapture {
    private enum Lending {
        case drained
        case more
        case stopped
    }

    /// Lends what the kernel has ready, up to a batch.
    private func lend(_ body: (borrowing Frame) -> LoopControl) throws(CaptureError) -> Lending {
        for _ in 0..<Self.batch {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var start: UnsafePointer<UInt8>?
            let status = unsafe pcap_next_ex(handle, &header, &start)
            guard status != 0 else { return .drained }
            guard status == 1, let record = unsafe header?.pointee else { throw readError() }
            let time = CaptureInstant(
                nanoseconds: Int64(record.ts.tv_sec) &* 1_000_000_000
                    &+ Int64(record.ts.tv_usec) &* nanosecondsPerFraction
            )
            number += 1
            first = first ?? time
            latest = max(latest ?? time, time)
            let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(record.caplen))
            let frame = unsafe Frame(
                bytes: bytes.span,
                originalLength: Int(record.len),
                number: number,
                instant: time,
                interface: interfaceNumber(bytes.span),
                linkType: linkType
            )
            if body(frame) == .stop { return .stopped }
        }
        return .more
    }

    private func readError() -> CaptureError {
        let reason = unsafe String(cString: pcap_geterr(handle))
        // After a renaming the interface is there under another name; libpcap says only "disappeared".
        let isGone = reason.contains("disappeared") || !Interfaces.exists(interface)
        return CaptureError(isGone ? .interfaceGone : .cannotRead, path: interface, detail: reason)
    }

    /// The number of a frame's interface: behind `any` by the kernel's index in the frame.
    private func interfaceNumber(_ bytes: Span<UInt8>) -> Int {
        guard linkType == .linuxSLL2, bytes.count >= 8 else { return 0 }
        let index = bytes.uint32(at: 4, .big)
        if let number = interfaceNumbers[index] { return number }
        guard interfaceNames.count < Self.interfaceLimit else { return Self.interfaceLimit - 1 }
        var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        let isNamed = unsafe if_indextoname(index, &buffer) != nil
        interfaceNumbers[index] = interfaceNames.count
        interfaceNames.append(isNamed ? text(buffer) : nil)
        return interfaceNames.count - 1
    }

    private func report(_ kind: CaptureProblem.Kind, _ message: String) {
        problems.append(
            CaptureProblem(
                kind: kind,
                offset: nil,
                frame: number > 0 ? number : nil,
                message: message,
                isDamage: false
            )
        )
    }

    private func noteClockStep(_ step: TimeSpan) {
        let direction = step < .zero ? "back" : "forward"
        report(.clockStep, "The clock was set \(direction) by \(step.magnitude.nanoseconds / 1_000_000) ms.")
    }
}

// MARK: - Health

extension LiveCapture {
    private func startStatistics(at clock: ClockPair) {
        lastStatistics = clock.realtime
        lastStatisticsMonotonic = clock.monotonic
        wasUp = isUp
    }

    /// Reports what was lost since the last time, for captures that end.
    private static func reportLastStatistics(_ captures: [LiveCapture], _ onEvent: (Event) -> LoopControl) {
        let clock = ClockPair.now()
        for (index, capture) in captures.enumerated() {
            // The loop ends anyway, so the answers do not matter.
            for gap in capture.pollStatistics(at: clock) { _ = onEvent(.gap(gap, capture: index)) }
        }
    }

    /// Asks what was lost and whether there is a link; the gaps since the last time.
    private func pollStatistics(at clock: ClockPair) -> [ObservationGap] {
        let start = lastStatistics ?? clock.realtime
        lastStatistics = clock.realtime
        lastStatisticsMonotonic = clock.monotonic
        var gaps: [ObservationGap] = []
        var statistics = pcap_stat()
        if unsafe pcap_stats(handle, &statistics) == 0 {
            // The counters have 32 bits and wrap around.
            let lost =
                UInt64(statistics.ps_drop &- lastDrops.buffer) + UInt64(statistics.ps_ifdrop &- lastDrops.interface)
            lastDrops = (statistics.ps_drop, statistics.ps_ifdrop)
            drops = drops.saturatingAdd(lost)
            if lost > 0 {
                gaps.append(
                    ObservationGap(start: start, end: clock.realtime, droppedFrames: lost, cause: .dropped)
                )
            }
        }
        let up = isUp
        if !up || !wasUp {
            gaps.append(ObservationGap(start: start, end: clock.realtime, droppedFrames: 0, cause: .linkDown))
        }
        wasUp = up
        return gaps
    }

    /// Whether the interface is up and has a link; true where that cannot be known, as for `any`.
    private var isUp: Bool {
        guard probe >= 0, interface != "any" else { return true }
        // struct ifreq: the name, then a union whose member for this request is a 16-bit integer.
        var request = [UInt8](repeating: 0, count: 64)
        let name = Array(interface.utf8.prefix(Int(IF_NAMESIZE) - 1))
        request.replaceSubrange(0..<name.count, with: name)
        let status = unsafe request.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe ioctl(probe, UInt(SIOCGIFFLAGS), $0) } ?? -1
        }
        guard status == 0 else { return true }
        let flags = UInt16(request[17]) << 8 | UInt16(request[16])
        let needed = UInt16(IFF_UP) | UInt16(IFF_RUNNING)
        return flags & needed == needed
    }
}

/// The system's two clocks read together.
private struct ClockPair {
    var realtime: CaptureInstant
    var monotonic: TimeSpan

    static func now() -> Self {
        var pair = Self(realtime: CaptureInstant(nanoseconds: 0), monotonic: .zero)
        // A thread that is put to sleep between the readings would look like a clock step: try again then.
        for _ in 0..<4 {
            let before = read(CLOCK_MONOTONIC)
            let realtime = read(CLOCK_REALTIME)
            let after = read(CLOCK_MONOTONIC)
            pair = Self(realtime: CaptureInstant(nanoseconds: realtime), monotonic: TimeSpan(nanoseconds: after))
            if after - before < 1_000_000 { break }
        }
        return pair
    }

    /// How far the system's clock moved beyond the time that passed.
    func step(since earlier: Self) -> TimeSpan {
        (realtime - earlier.realtime) - (monotonic - earlier.monotonic)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

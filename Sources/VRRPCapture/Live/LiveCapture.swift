internal import CPcap
internal import Glibc
package import VRRPFacts
package import VRRPWire

/// A live capture on one interface, by libpcap: for as long as it is there, and where that is wanted again when it is back.
///
/// One thread at a time may use it: open it, then run it. See ``run(_:until:also:wait:onFrame:onEvent:)``.
@safe
package final class LiveCapture: @unchecked Sendable {
    /// The settings of a capture; the defaults are those of `vrrpwatch watch`.
    package struct Options: Sendable {
        /// The most bytes captured of a frame.
        package var snapLength: Int
        package var isPromiscuous: Bool
        /// The kernel's buffer in KiB.
        package var bufferKiB: Int
        /// An expression that relevant frames must also pass.
        package var filter: String?
        /// Whether ``CaptureFilter/relevant(for:)`` applies; without it every frame is captured.
        package var isRelevantOnly: Bool
        /// Whether tunnels, PPPoE and MPLS pass the filter, whatever is in them.
        package var looksIntoTunnels: Bool
        /// Whether to wait for the interface where it is not there, or not any more.
        package var isPatient: Bool

        /// Whole frames of ordinary Ethernet, tags and a tunnel's headers included.
        ///
        /// The kernel reserves a place of this size for each frame, so it decides how many the buffer holds: with the usual
        /// size 8192, which is 80 ms of 100,000 frames a second: on a busy machine a process waits that long for a processor.
        package static let usualSnapLength = 1900
        package static let usualBufferKiB = 16_384

        package init(
            snapLength: Int = Options.usualSnapLength,
            isPromiscuous: Bool = true,
            bufferKiB: Int = Options.usualBufferKiB,
            filter: String? = nil,
            isRelevantOnly: Bool = true,
            looksIntoTunnels: Bool = false,
            isPatient: Bool = false
        ) {
            self.snapLength = snapLength
            self.isPromiscuous = isPromiscuous
            self.bufferKiB = bufferKiB
            self.filter = filter
            self.isRelevantOnly = isRelevantOnly
            self.looksIntoTunnels = looksIntoTunnels
            self.isPatient = isPatient
        }
    }

    /// The most interfaces behind `any` that are told apart.
    private static let interfaceLimit = 256

    /// The interface as the user named it.
    package let interface: String
    package private(set) var linkType = LinkType.ethernet
    let options: Options
    /// `nil` while the interface is away.
    private var handle: OpaquePointer?
    private let probe: CInt
    private var nanosecondsPerFraction: Int64 = 1

    private var number = 0
    private var first: CaptureInstant?
    private var latest: CaptureInstant?
    private var problems = ProblemList()
    private var linkTypes: [LinkType] = []
    private var snapLength: Int
    /// The interfaces and their links by number; one, or those seen so far behind `any`.
    var links: [Link] = []
    /// The positions of interfaces behind `any`, by kernel index.
    private var interfaceNumbers: [UInt32: Int] = [:]

    private var lastDrops: (buffer: UInt32, interface: UInt32) = (0, 0)
    private var drops: UInt64 = 0
    /// The time at which the capture was last reopened, by the monotonic clock.
    var renewed: TimeSpan?
    /// The instant up to which losses were asked for.
    var asked: ClockPair?

    /// Opens an interface, or `any`, and installs the filter; capturing begins at once, into the kernel's buffer.
    ///
    /// Frames of `any` are of link type LINUX_SLL2, whose interface index tells interfaces apart; the VLAN tags that
    /// the kernel has taken off are lost there, while the VLAN's own device still shows the frame.
    ///
    /// Throws ``CaptureError``: `noSuchInterface`, `notPermitted` (with the capability that is missing), `interfaceDown`,
    /// `invalidFilter`, `cannotOpen`. The first and the third not where ``Options/isPatient`` is set.
    package init(interface: String, options: Options = Options()) throws(CaptureError) {
        self.interface = interface
        self.options = options
        snapLength = options.snapLength
        probe = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        if interface != "any" { links = [Link(name: interface)] }
        do throws(CaptureError) {
            try open()
        } catch {
            guard options.isPatient, error.code == .noSuchInterface || error.code == .interfaceDown else { throw error }
        }
    }

    deinit {
        if probe >= 0 { close(probe) }
        closeHandle()
    }

    /// Whether there is an interface to capture on.
    package var isOpen: Bool { unsafe handle != nil }

    /// The number of its interface, where there is only one.
    package var onlyInterface: Int? { interface == "any" && linkType.layer == .linuxSLL2 ? nil : 0 }

    /// The descriptor to wait for; -1 while the interface is away.
    var descriptor: CInt { unsafe handle.map { unsafe pcap_get_selectable_fd($0) } ?? -1 }

    /// Whether the interface had a link when that was last asked.
    package var hasLink: Bool { links.isEmpty || links.contains(where: \.isUp) }

    /// Whether there is an interface to capture on.
    package var isThere: Bool { links.isEmpty || links.contains { !$0.isGone } }

    /// The frames that passed the filter, and those of them that were lost, up to the instant up to which losses were asked
    /// for; `nil` before the capture runs.
    package var account: (received: UInt64, dropped: UInt64, until: CaptureInstant?) {
        (UInt64(clamping: number).saturatingAdd(drops), drops, asked?.realtime)
    }

    /// The facts about the capture that are known so far.
    package var summary: CaptureDescription {
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
        var description = CaptureDescription(source: interface, format: .live)
        description.linkTypes = linkTypes
        description.interfaceNames = links.map(\.name)
        description.packets = number
        description.firstPacket = first
        description.lastPacket = latest
        description.dropped = drops
        description.problems = list.problems
        description.omittedProblems = list.omitted
        description.snapLength = snapLength
        return description
    }
}

// MARK: - Opening

extension LiveCapture {
    /// Opens the interface under the name that it has now.
    func open() throws(CaptureError) {
        let name = links.first?.name ?? interface
        guard Interfaces.exists(name) else {
            throw CaptureError(.noSuchInterface, path: name, detail: "There is no such interface.")
        }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = unsafe pcap_create(name, &message) else {
            throw CaptureError(.cannotOpen, path: name, detail: text(message))
        }
        var isOpen = false
        defer { if !isOpen { unsafe pcap_close(handle) } }
        unsafe pcap_set_snaplen(handle, CInt(clamping: options.snapLength))
        unsafe pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
        // Each frame wakes the loop at once; it would otherwise wait until a block of the buffer is full or timed out.
        unsafe pcap_set_immediate_mode(handle, 1)
        unsafe pcap_set_buffer_size(handle, CInt(clamping: min(max(options.bufferKiB, 1), 1 << 21) * 1024))
        let hasNanoseconds = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0
        let status = unsafe pcap_activate(handle)
        guard status >= 0 else { throw unsafe Self.activationError(status, handle, name) }
        if interface == "any" {
            // Older libpcaps know only LINUX_SLL there, which serves as well, with all interfaces as one.
            _ = unsafe pcap_set_datalink(handle, CInt(LinkLayer.linuxSLL2.rawValue))
        }
        let linkType = unsafe LinkType(dataLinkType: pcap_datalink(handle))
        let relevant = CaptureFilter.relevant(
            for: linkType,
            and: options.filter,
            withTunnels: options.looksIntoTunnels
        )
        try unsafe Self.install(options.isRelevantOnly ? relevant : options.filter ?? "", handle, name)
        guard unsafe pcap_setnonblock(handle, 1, &message) == 0 else {
            throw CaptureError(.cannotOpen, path: name, detail: text(message))
        }
        if !options.isPromiscuous, interface != "any" {
            unsafe Self.joinGroups(handle, name)
        }
        isOpen = true
        unsafe self.handle = handle
        self.linkType = linkType
        snapLength = unsafe Int(pcap_snapshot(handle))
        nanosecondsPerFraction = hasNanoseconds ? 1 : 1000
        lastDrops = (0, 0)
        // Only LINUX_SLL2 tells interfaces apart; with other link types all frames are of one.
        if links.isEmpty, linkType.layer != .linuxSLL2 { links = [Link(name: interface)] }
        if !links.isEmpty, interface != "any" { links[0].index = unsafe if_nametoindex(name) }
        if !linkTypes.contains(linkType) {
            linkTypes.append(linkType)
            if !linkType.isSupported {
                report(.unsupported, "Frames of link type \(linkType.name) are counted and not decoded.")
            }
        }
    }

    func closeHandle() {
        if let handle = unsafe handle { unsafe pcap_close(handle) }
        unsafe handle = nil
    }

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
    enum Lending: Equatable {
        case drained
        /// There may be more, later than the instant of the last frame lent.
        case more(CaptureInstant)
        case stopped
        /// The interface cannot be read from any more, for the reason that libpcap gives.
        case failed(String)
    }

    /// Lends the frames that the kernel has ready, up to a batch.
    func lend(_ most: Int, _ body: (borrowing Frame) -> LoopControl) -> Lending {
        guard let handle = unsafe handle else { return .drained }
        for _ in 0..<most {
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var start: UnsafePointer<UInt8>?
            let status = unsafe pcap_next_ex(handle, &header, &start)
            guard status != 0 else { return .drained }
            guard status == 1, let record = unsafe header?.pointee else {
                return .failed(unsafe String(cString: pcap_geterr(handle)))
            }
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
        return latest.map { .more($0) } ?? .drained
    }

    /// The number of a frame's interface: behind `any` by the kernel's index in the frame.
    private func interfaceNumber(_ bytes: Span<UInt8>) -> Int {
        guard linkType.layer == .linuxSLL2, bytes.count >= 8 else { return 0 }
        let index = bytes.uint32(at: 4, .big)
        if let number = interfaceNumbers[index] { return number }
        let name = Self.name(ofInterface: index)
        // One that was deleted and made again is the same to those who named it.
        if let known = links.firstIndex(where: { $0.isGone && $0.name == name && name != nil }) {
            links[known].index = index
            interfaceNumbers[index] = known
            return known
        }
        guard links.count < Self.interfaceLimit else { return Self.interfaceLimit - 1 }
        interfaceNumbers[index] = links.count
        links.append(Link(name: name, index: index))
        return links.count - 1
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

    func noteClockStep(_ step: TimeSpan) {
        let direction = step < .zero ? "back" : "forward"
        report(.clockStep, "The clock was set \(direction) by \(step.magnitude.nanoseconds / 1_000_000) ms.")
    }
}

// MARK: - Health

extension LiveCapture {
    /// Returns the loss since the last call; `nil` for none.
    func pollLoss(at clock: ClockPair) -> BlindSpot? {
        let start = asked?.realtime ?? clock.realtime
        asked = clock
        var statistics = pcap_stat()
        guard let handle = unsafe handle, unsafe pcap_stats(handle, &statistics) == 0 else { return nil }
        // The counters have 32 bits and wrap around.
        let lost = UInt64(statistics.ps_drop &- lastDrops.buffer) + UInt64(statistics.ps_ifdrop &- lastDrops.interface)
        lastDrops = (statistics.ps_drop, statistics.ps_ifdrop)
        drops = drops.saturatingAdd(lost)
        guard lost > 0 else { return nil }
        return BlindSpot(from: start, to: clock.realtime, .dropped(Int(clamping: lost)))
    }

    /// Whether an interface is up and has a link; `nil` where that cannot be known.
    func hasLink(_ name: String) -> Bool? {
        guard probe >= 0 else { return nil }
        // struct ifreq: the name, then a union whose member for this request is a 16-bit integer.
        var request = [UInt8](repeating: 0, count: 64)
        let name = Array(name.utf8.prefix(Int(IF_NAMESIZE) - 1))
        request.replaceSubrange(0..<name.count, with: name)
        let status = unsafe request.withUnsafeMutableBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe ioctl(probe, UInt(SIOCGIFFLAGS), $0) } ?? -1
        }
        guard status == 0 else { return nil }
        let flags = UInt16(request[17]) << 8 | UInt16(request[16])
        let needed = UInt16(IFF_UP) | UInt16(IFF_RUNNING)
        return flags & needed == needed
    }

    /// The name that the kernel has for an interface now.
    static func name(ofInterface index: UInt32) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        return unsafe if_indextoname(index, &buffer) == nil ? nil : text(buffer)
    }
}

package import VRRPFacts
package import VRRPWire

/// A quick first look at several captures: the frames by which places and clocks can be compared.
///
/// Of more frames than fit, those are kept whose identities end in zeros, the same ones of every capture.
package struct Survey: Sendable {
    /// The most frames that are kept, over all captures.
    private static let mostRecords = 1 << 18
    /// The most hosts that are told apart.
    private static let mostSpeakers = 4096
    /// The length of time by which frames that bear no number are thinned out, in nanoseconds.
    private static let window: Int64 = 64_000_000_000

    /// A frame that may be seen at several places.
    struct Record: Sendable {
        var identity: UInt64
        /// By the capture's own clock, in nanoseconds.
        var instant: Int64
        /// The position of the host that sent it.
        var speaker: Int32
        /// The frame's number in its file.
        var number: Int
        var isNumbered: Bool
        var isAdvertisement: Bool
    }

    /// The marks of a host's frames besides their content.
    struct Signs: Sendable {
        /// Frames that the capture itself marks as outgoing.
        var outgoing = 0
        /// Frames shorter than Ethernet allows on the wire, and short ones that are padded.
        var short = 0
        var padded = 0
    }

    /// An interface of a file.
    struct View: Sendable {
        /// The number of frames that files of a ring hold at least, mostly.
        private static let fewRecords = 8

        var file: Int
        let interface: Int
        var records: [Record] = []
        var signs: [Int32: Signs] = [:]
        /// The stamps of the frames that were captured first and last, whatever these hold, in nanoseconds.
        ///
        /// They need not be the earliest and the latest one: the clock may be set meanwhile.
        let first: Int64
        private(set) var last: Int64
        /// The longest time between two of its frames, in nanoseconds.
        fileprivate(set) var longestSilence: Int64 = 0

        init(file: Int, interface: Int, at instant: Int64) {
            (self.file, self.interface) = (file, interface)
            (first, last) = (instant, instant)
            records.reserveCapacity(Self.fewRecords)
        }

        /// Notes that a frame was captured.
        mutating func goOn(at instant: Int64) {
            longestSilence = max(longestSilence, instant &- last)
            last = instant
        }
    }

    /// A host that sends.
    struct Host: Sendable {
        /// `nil` where it has only shown a MAC address.
        var address: IPAddress?
        var mac: MACAddress?
        var advertises = false
    }

    /// The facts about a file.
    struct File: Sendable {
        /// The stamps of the frames that were captured first and last; of several interfaces, of the one that captured longest.
        var first: CaptureInstant?
        var last: CaptureInstant?
        /// The end that the capture states.
        var end: CaptureInstant?
        var interfaceNames: [String?] = []
        /// The part of a sensor's stream that it is; `nil` where that is not known.
        var sensor: SensorExtent?
        var blindSpots: [BlindSpot] = []
        /// Its views by the interface's position.
        var views: [Int?] = []
    }

    private(set) var views: [View] = []
    private(set) var hosts: [Host] = []
    private(set) var files: [File] = []
    private var speakers: [FrameIdentity.Speaker: Int32] = [:]
    /// The senders found last, each at a place that its address or MAC address gives: the same few send again and again.
    private var recent = [(speaker: FrameIdentity.Speaker, position: Int32)?](repeating: nil, count: 64)
    private var count = 0
    /// The bits that must be zero in what is kept.
    private var mask: UInt64 = 0

    /// Begins a look at some files.
    package init() {}

    /// Makes room for the look at so many files.
    package mutating func reserveFiles(_ count: Int) {
        files.reserveCapacity(files.count + count)
        views.reserveCapacity(views.count + count)
    }

    /// Begins the look at one more file, and returns its position.
    package mutating func addFile() -> Int {
        files.append(File())
        return files.count - 1
    }

    /// The same look with its files in another order.
    ///
    /// - Parameter positions: the former positions of the files in their new order; `nil` for one that nobody looked at.
    /// - Returns: the look.
    package func arranged(_ positions: [Int?]) -> Survey {
        guard !positions.elementsEqual(files.indices.lazy.map(Optional.some)) else { return self }
        var arranged = self
        arranged.files = positions.map { $0.map { files[$0] } ?? File() }
        for (new, old) in positions.enumerated() {
            guard let old, old != new else { continue }
            for view in files[old].views.compactMap(\.self) { arranged.views[view].file = new }
        }
        return arranged
    }

    /// Takes a frame of a file.
    package mutating func take(
        _ bytes: Span<UInt8>,
        originalLength: Int,
        linkType: LinkType,
        at instant: CaptureInstant,
        number: Int,
        of file: Int,
        interface: Int
    ) {
        let view = view(of: file, interface, at: instant.nanoseconds)
        guard let identity = FrameIdentity(bytes, linkType: linkType), let speaker = position(of: identity) else {
            return
        }
        note(bytes, originalLength, linkType, of: speaker, in: view)
        let record = Record(
            identity: identity.value,
            instant: instant.nanoseconds,
            speaker: speaker,
            number: number,
            isNumbered: identity.isNumbered,
            isAdvertisement: identity.isAdvertisement
        )
        guard keeps(record) else { return }
        views[view].records.append(record)
        count += 1
        if count > Self.mostRecords { thinOut() }
    }

    /// Takes what is known of a file that has been read to its end.
    package mutating func finish(
        _ file: Int,
        _ summary: CaptureDescription,
        blindSpots: [BlindSpot],
        silences: [TimeSpan?] = []
    ) {
        // An extract leaves most frames out, and says of the silences between all of them.
        for (view, silence) in zip(files[file].views, silences) {
            if let view, let silence { views[view].longestSilence = silence.nanoseconds }
        }
        files[file].first = summary.firstPacket
        let lasts = files[file].views.lazy.compactMap { [views] view in view.map { views[$0].last } }
        files[file].last = lasts.max().map(CaptureInstant.init(nanoseconds:)) ?? summary.lastPacket
        files[file].end = summary.captureEnd
        files[file].interfaceNames = summary.interfaceNames
        files[file].sensor = summary.sensor
        files[file].blindSpots = blindSpots
    }

    /// The longest time between two frames on one interface of a file.
    func longestSilence(of file: Int) -> TimeSpan {
        var longest: Int64 = 0
        for case let view? in files[file].views { longest = max(longest, views[view].longestSilence) }
        return TimeSpan(nanoseconds: longest)
    }

    private mutating func view(of file: Int, _ interface: Int, at instant: Int64) -> Int {
        if interface < files[file].views.count, let known = files[file].views[interface] {
            views[known].goOn(at: instant)
            return known
        }
        while files[file].views.count <= interface { files[file].views.append(nil) }
        files[file].views[interface] = views.count
        views.append(View(file: file, interface: interface, at: instant))
        return views.count - 1
    }

    /// The position of a frame's sender; `nil` where there is no room for it.
    private mutating func position(of identity: FrameIdentity) -> Int32? {
        let place = identity.speaker.mark & 63
        let latest = recent[place].flatMap { $0.speaker == identity.speaker ? $0.position : nil }
        if let known = latest ?? speakers[identity.speaker] {
            if latest == nil { recent[place] = (identity.speaker, known) }
            if identity.isAdvertisement { hosts[Int(known)].advertises = true }
            if hosts[Int(known)].mac == nil { hosts[Int(known)].mac = identity.mac }
            return known
        }
        guard hosts.count < Self.mostSpeakers else { return nil }
        let position = Int32(hosts.count)
        speakers[identity.speaker] = position
        var host = Host(mac: identity.mac, advertises: identity.isAdvertisement)
        if case .address(let address) = identity.speaker { host.address = address }
        hosts.append(host)
        return position
    }

    private mutating func note(
        _ bytes: Span<UInt8>,
        _ length: Int,
        _ linkType: LinkType,
        of speaker: Int32,
        in view: Int
    ) {
        switch linkType.layer {
        case .ethernet:
            guard bytes.count >= 34, bytes.uint16(at: 12) == 0x0800 else { return }
            let needed = 14 + Int(bytes.uint16(at: 16))
            guard needed < 60 else { return }
            if length < 60 {
                views[view].signs[speaker, default: Signs()].short += 1
            } else {
                views[view].signs[speaker, default: Signs()].padded += 1
            }
        // Linux marks what the host itself sends with packet type 4 (if_packet.h, PACKET_OUTGOING).
        case .linuxSLL where bytes.count >= 2 && bytes.uint16(at: 0) == 4,
            .linuxSLL2 where bytes.count >= 11 && bytes[10] == 4:
            views[view].signs[speaker, default: Signs()].outgoing += 1
        default: break
        }
    }

    /// Whether a record is among those that are kept.
    private func keeps(_ record: Record) -> Bool {
        let mark = record.isNumbered ? record.identity >> 8 : UInt64(bitPattern: record.instant / Self.window)
        return mark & mask == 0
    }

    private mutating func thinOut() {
        mask = mask << 1 | 1
        count = 0
        for index in views.indices {
            let kept = views[index].records.filter(keeps)
            views[index].records = kept
            count += kept.count
        }
    }
}

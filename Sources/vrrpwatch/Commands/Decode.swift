internal import ArgumentParser
internal import Glibc
internal import VRRPAuthentication
internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPFacts
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Prints a line for each relevant packet.
struct Decode: SourcesCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Print a line for each relevant packet: VRRP, CARP, ARP, neighbor advertisements.",
        usage: "vrrpwatch decode SOURCE... [options]",
        discussion: """
            Examples:
              vrrpwatch decode switch.pcap
              vrrpwatch decode -v --utc switch.pcap
              vrrpwatch decode --format ndjson switch.pcap | jq 'select(.vrrp.priority == 0)'
              vrrpwatch decode -c 10 eth0
            """
    )

    @OptionGroup var source: SourceArguments

    var sources: [String] {
        get { source.sources }
        set { source.sources = newValue }
    }
    @OptionGroup var format: FormatOptions<PacketForm>
    @OptionGroup var output: OutputOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var privileges: PrivilegeOptions

    func runToStatus() throws -> ExitStatus {
        let request = DecodeRequest(
            form: try format.form,
            output: output,
            traffic: traffic,
            limit: limit,
            points: source.points
        )
        switch try source.resolved(waits: patience.wait) {
        case .files(let paths):
            for options in [live, patience, privileges] as [any LiveOnlyOptions] { try options.refuseForFiles() }
            return try request.run(files: paths, salvage)
        case .interfaces(let names):
            try salvage.refuseForInterfaces()
            return try request.run(interfaces: names, live, patience, privileges)
        }
    }
}

/// Prints packets as they come.
struct PacketPrinter: FrameListener {
    private let form: PacketForm
    private let options: TextReport.Options
    private let output: Output
    private var rest: Int?
    private var labels = AuthenticationKeys()
    private let keys: KeyRing?
    /// The numbers of packets by their protocols.
    private var protocols: [String: Int] = [:]
    private let isQuiet: Bool

    init(_ request: DecodeRequest, _ output: Output, keys: KeyRing?) {
        self.keys = keys
        form = request.form
        options = request.output.text
        self.output = output
        rest = request.limit.count
        isQuiet = request.output.quiet
    }

    /// Whether an advertisement was among the packets.
    var hasAdvertisement: Bool { protocols["vrrp"] != nil }

    /// Says so where no advertisement was among the packets, with what was there instead; lines of packets cannot tell that.
    ///
    /// - Parameter hint: the next thing to do.
    func tellSilence(_ hint: String) {
        guard !hasAdvertisement, !isQuiet, rest != 0 else { return }
        let others = protocols.sorted { $0.key < $1.key }.map { Words.count($0.value, "\($0.key.uppercased()) packet") }
        let seen = others.isEmpty ? "nor anything else that tells of routers" : "only \(Words.list(others))"
        Diagnostics.say("there is no VRRP advertisement, \(seen); \(hint)")
    }

    mutating func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl {
        let decoded = DecodedFrame(frame.bytes, linkType: frame.linkType)
        guard decoded.isRelevant else { return .continue }
        var sighting = sighting
        if let keys {
            sighting.verification = keys.verification(of: decoded, from: frame.bytes, interface: sighting.interface)
        }
        guard
            let record = PacketRecord(
                decoded,
                sighting,
                interface: interface(),
                keys: &labels,
                givenKeys: keys.labels
            )
        else { return .continue }
        protocols[record.protocolName, default: 0] += 1
        try output.write((form == .ndjson ? record.json.compactText : record.text(options)) + "\n")
        guard let wanted = rest else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    func take(_ blindSpot: BlindSpot) {
        // A line per packet has no place for packets that are not there.
    }
}

internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Prints a line for each relevant packet.
struct Decode: StatusCommand {
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
    @OptionGroup var format: FormatOptions<PacketForm>
    @OptionGroup var output: OutputOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var privileges: PrivilegeOptions

    func runToStatus() throws -> ExitStatus {
        let request = DecodeRequest(form: try format.form, output: output, traffic: traffic, limit: limit)
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
struct PacketPrinter: MergedFiles.Reader {
    private let form: PacketForm
    private let options: TextReport.Options
    private let output: Output
    private var rest: Int?
    private var keys = AuthenticationKeys()
    private let givenKeys: [String]

    init(_ request: DecodeRequest, _ output: Output, givenKeys: [String]) {
        self.givenKeys = givenKeys
        form = request.form
        options = request.output.text
        self.output = output
        rest = request.limit.count
    }

    mutating func handle(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        from source: MergedFiles.Source
    ) throws -> LoopControl {
        let interface = source.interfaceName(frame.interface)
        return try handle(DecodedFrame(frame.bytes, linkType: frame.linkType), sighting, interface: interface)
    }

    mutating func handle(
        _ frame: borrowing DecodedFrame,
        _ sighting: Sighting,
        interface: String?
    ) throws -> LoopControl {
        guard
            let record = PacketRecord(frame, sighting, interface: interface, keys: &keys, givenKeys: givenKeys)
        else { return .continue }
        try output.write((form == .ndjson ? record.json.compactText : record.text(options)) + "\n")
        guard let wanted = rest else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    func note(_ blindSpot: BlindSpot) {
        // A line per packet has no place for packets that are not there.
    }
}

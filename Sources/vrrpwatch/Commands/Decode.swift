internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Prints a line per relevant packet.
struct Decode: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Print a line per relevant packet: VRRP, CARP, ARP, neighbor advertisements.",
        usage: "vrrpwatch decode SOURCE... [options]",
        discussion: """
            Examples:
              vrrpwatch decode switch.pcap
              vrrpwatch decode -v --utc switch.pcap
              vrrpwatch decode --format ndjson switch.pcap | jq 'select(.vrrp.priority == 0)'
              vrrpwatch decode -c 10 eth0
            """
    )

    @OptionGroup var source: SourceOptions

    @Option(name: .long, help: ArgumentHelp("The form of a line: text or ndjson.", valueName: "form"))
    var format: String?

    @OptionGroup var form: FormOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var privileges: PrivilegeOptions

    func runToStatus() throws -> ExitStatus {
        let format = try form.form(format, machine: .ndjson)
        switch try source.resolved(waits: patience.wait) {
        case .files(let paths):
            try live.refuseForFiles()
            try patience.refuseForFiles()
            try privileges.refuseForFiles()
            var reading = try form.reading(filter, salvage, keys)
            // Lines of packets and a bar on one terminal would spoil each other.
            reading.showsProgress = isatty(STDOUT_FILENO) == 0
            var captures = try MergedFiles(paths: paths, reading)
            let output = try Output(path: form.output)
            let labels = reading.keys.labels
            var reader = PacketPrinter(format: format, form.text, limit: limit.count, output, givenKeys: labels)
            try captures.read(into: &reader)
            try output.finish()
            return captures.reportDamage() ? .damagedInput : .done
        case .interfaces(let names):
            try salvage.refuseForInterfaces()
            let input = try LiveRun.Input(names, live, patience, filter, keys)
            return try Watch.decode(input, format: format, form, limit, privileges)
        }
    }
}

/// Prints packets as they come.
struct PacketPrinter: MergedFiles.Reader {
    private let format: Format
    private let options: TextReport.Options
    private let output: Output
    private var rest: Int?
    private var keys = AuthenticationKeys()
    private let givenKeys: [String]

    init(format: Format, _ options: TextReport.Options, limit: Int?, _ output: Output, givenKeys: [String]) {
        self.givenKeys = givenKeys
        self.format = format
        self.options = options
        self.output = output
        rest = limit
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
        try output.write((format == .ndjson ? record.json.compactText : record.text(options)) + "\n")
        guard let wanted = rest else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    func note(_ blindSpot: BlindSpot) {
        // A line per packet has no place for packets that are not there.
    }
}

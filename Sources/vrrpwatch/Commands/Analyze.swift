internal import ArgumentParser
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Reports on capture files.
struct Analyze: SourcesCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Report on captures: masters, changes and their causes, findings.",
        usage: "vrrpwatch analyze FILE... [options]",
        discussion: """
            Examples:
              vrrpwatch analyze switch.pcap
              vrrpwatch analyze r1.pcap r2.pcap r3.pcap --json -o incident.json
              vrrpwatch analyze --at r1=one.pcap --at r2=two.pcap
              vrrpwatch analyze switch.pcap --log 10.0.0.1=r1.log --log 10.0.0.2=r2.journal
              vrrpwatch analyze --fail-on warning nightly.pcapng
              vrrpwatch analyze switch.pcap --config r1.conf --config r2.conf
              vrrpwatch analyze site-a/ site-b/ --segments segments.conf
              tcpdump -w - -c 1000 vrrp or arp | vrrpwatch analyze -

            Several files are one observation, merged in order of time. Those of a ring are one place; clocks that are \
            apart are compared by the frames that both saw, and all times are told by that of the first place. A \
            directory stands for the captures in it, - for standard input. Files are pcap, pcapng or snoop, also \
            compressed with gzip or zstd, whatever their names.
            """
    )

    @OptionGroup var files: FileArguments

    var sources: [String] {
        get { files.sources }
        set { files.sources = newValue }
    }
    @OptionGroup var segments: SegmentOptions
    @OptionGroup var logs: LogOptions
    @OptionGroup var format: FormatOptions<AnalysisForm>
    @OptionGroup var observation: ObservationOptions
    @OptionGroup var salvage: SalvageOptions

    func runToStatus() throws -> ExitStatus {
        try AnalysisRequest(
            paths: files.paths,
            points: files.points,
            segments: segments,
            logs: logs,
            form: format.form,
            observation: observation,
            salvage: salvage
        ).run()
    }
}

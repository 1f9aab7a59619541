internal import ArgumentParser

/// The filter that packets must pass.
struct FilterOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp(
            "Look only at packets that pass this filter, in the language of pcap-filter(7).",
            valueName: "filter"
        )
    )
    var filter: String?

    /// The options as they are given.
    var words: [String] { filter.map { ["-f", $0] } ?? [] }
}

internal import ArgumentParser

/// How long-lived an interface has to be, and how deep is looked.
struct PatienceOptions: ParsableArguments {
    @Flag(name: .long, help: "Wait for an interface that is not there, or not any more, instead of ending.")
    var wait = false

    @Flag(
        name: .long,
        help: "Also capture tunnels, PPPoE and MPLS, to look into them; on a busy link that is much."
    )
    var tunnels = false

    /// Refuses options that files have no use for.
    func refuseForFiles() throws {
        let used = [wait ? "--wait" : nil, tunnels ? "--tunnels" : nil]
        if let option = used.compactMap({ $0 }).first { throw Failure.usage("\(option) is for live capture only") }
    }
}

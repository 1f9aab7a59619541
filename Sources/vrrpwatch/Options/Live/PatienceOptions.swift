internal import ArgumentParser

/// The patience with interfaces, and the depth to which packets are looked into.
struct PatienceOptions: ParsableArguments, LiveOnlyOptions {
    @Flag(name: .long, help: "Wait for an interface that is missing or goes away, instead of ending the watch.")
    var wait = false

    @Flag(
        name: .long,
        help: "Also capture tunnels, PPPoE and MPLS, and decode what they carry. Expensive on a busy link."
    )
    var tunnels = false

    var given: [String] { [wait ? "--wait" : nil, tunnels ? "--tunnels" : nil].compactMap { $0 } }
}

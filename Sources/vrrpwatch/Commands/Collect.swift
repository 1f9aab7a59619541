internal import ArgumentParser
internal import VRRPBundle
internal import VRRPCapture

/// Puts the state of a router into one file.
struct Collect: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Put this router's packets, configuration, logs and state into one file for `vrrpwatch report`.",
        usage: "vrrpwatch collect IFACE... -o OUT [options]",
        discussion: """
            Examples:
              vrrpwatch collect eth0 -o node1.vrrpbundle
              vrrpwatch collect eth0 -o node1.vrrpbundle --seconds 60 --since '2026-11-22 11:00'
              vrrpwatch report node1.vrrpbundle node2.vrrpbundle -o incident.html

            Run it on all routers at the same time, as root, while the trouble lasts; Ctrl-C ends the capture early. \
            The file is a tar archive, compressed with zstd. Its first member CONTENTS lists what it holds, and which programs \
            were missing or could not run. Passwords are masked in configurations, logs and packets. Stand-ins show which \
            passwords are equal. Somebody who guesses a weak password can check the guess against its stand-in. HSRP and GLBP \
            packets are left out.
            """
    )

    @OptionGroup var interfaces: InterfaceArguments

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Write to this file, which gets its name only when it is complete; - is standard output.",
            valueName: "out"
        )
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Capture packets for this many seconds.", valueName: "seconds"))
    var seconds = 20

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Take the journal from this time on, in a form that journalctl(1) understands.",
            valueName: "time"
        )
    )
    var since = "1 hour ago"

    @Option(
        name: .long,
        help: ArgumentHelp("The name of the router; the default is its host name.", valueName: "name")
    )
    var name: String?

    @Flag(name: .long, help: "Leave passwords and keys as they are.")
    var showSecrets = false

    @Flag(name: .shortAndLong, help: "Do not print what the file holds.")
    var quiet = false

    func validate() throws {
        if output == nil {
            throw ValidationError("no destination given: name a file with -o, or - for standard output")
        }
        if !(0...3600).contains(seconds) {
            throw ValidationError("--seconds is between 0 and 3600, not \(seconds)")
        }
        if let name, name.isEmpty || BundleContents.name(name) != name {
            throw ValidationError("--name '\(name)' cannot be a name; use up to 64 letters, digits, and . _ -")
        }
    }

    func runToStatus() throws -> ExitStatus {
        try CollectRequest(
            interfaces: interfaces.names,
            output: output ?? "-",
            name: name ?? BundleContents.name(Self.hostName),
            seconds: seconds,
            since: since,
            showsSecrets: showSecrets,
            isQuiet: quiet
        ).run()
    }

    /// The host's name up to its first dot.
    private static var hostName: String {
        let name = Host.name.prefix { $0 != "." }
        return name.isEmpty ? "router" : String(name)
    }
}

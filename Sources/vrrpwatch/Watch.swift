internal import ArgumentParser

/// Watches interfaces.
struct Watch: StatusCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch interfaces and tell changes and findings as they happen.",
        usage: "vrrpwatch watch IFACE... [options]",
        discussion: """
            Examples:
              vrrpwatch watch eth0
              vrrpwatch watch any --format ndjson
              vrrpwatch watch eth0 eth1 --fail-on critical -c 1000
            """
    )

    @Argument(help: ArgumentHelp("Interfaces; any stands for all of them.", valueName: "iface"))
    var sources: [String] = []

    @Option(
        name: [.customShort("i"), .customLong("interface")],
        help: ArgumentHelp("An interface; can be repeated.", valueName: "iface")
    )
    var interfaces: [String] = []

    @Option(name: .long, help: ArgumentHelp("The form of the events: text or ndjson.", valueName: "form"))
    var format: String?

    @OptionGroup var form: FormOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var verdict: VerdictOptions
    @OptionGroup var live: LiveOptions

    func validate() throws {
        if sources.isEmpty, interfaces.isEmpty { throw ValidationError("what is to be watched? Name an interface") }
    }

    func runToStatus() throws -> ExitStatus {
        let format = try form.form(format, machine: .ndjson)
        return try Self.watch(sources + interfaces, format: format, form, limit, verdict, live)
    }

    static func watch(
        _ names: [String],
        format: Format,
        _ form: FormOptions,
        _ limit: LimitOptions,
        _ verdict: VerdictOptions,
        _ live: LiveOptions
    ) throws -> ExitStatus {
        throw Failure.usage("live capture is not available yet")
    }

    static func decode(
        _ names: [String],
        format: Format,
        _ form: FormOptions,
        _ limit: LimitOptions,
        _ live: LiveOptions
    ) throws -> ExitStatus {
        throw Failure.usage("live capture is not available yet")
    }
}

internal import ArgumentParser
internal import VRRPCapture

/// Interfaces by option.
struct InterfaceOptions: ParsableArguments {
    @Option(
        name: [.customShort("i"), .customLong("interface")],
        help: ArgumentHelp("An interface; can be repeated.", valueName: "iface"),
        completion: .interfaces
    )
    var interfaces: [String] = []
}

/// Interfaces, at least one.
struct InterfaceArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Interfaces; any stands for all of them.", valueName: "iface"),
        completion: .interfaces
    )
    var sources: [String] = []

    @OptionGroup var options: InterfaceOptions

    func validate() throws {
        if names.isEmpty {
            throw ValidationError("no source given: name an interface; `vrrpwatch interfaces` lists them")
        }
    }

    var names: [String] { sources + options.interfaces }
}

extension CompletionKind {
    /// The names of the interfaces of this machine.
    static var interfaces: Self { .custom { _, _, _ in Interfaces.names } }
}

internal import ArgumentParser

/// The rights that a capture keeps.
struct PrivilegeOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: .customShort("Z"),
        help: ArgumentHelp(
            "As root, become this user once the interfaces are open. Default under sudo: the invoking user.",
            valueName: "user"
        )
    )
    var user: String?

    @Flag(name: .long, help: "Do not confine the process to the files that it needs (Landlock).")
    var noSandbox = false

    var given: [String] { [user == nil ? nil : "-Z", noSandbox ? "--no-sandbox" : nil].compactMap { $0 } }
}

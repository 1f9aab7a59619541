internal import ArgumentParser

/// The rights that a capture keeps.
struct PrivilegeOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: .customShort("Z"),
        help: ArgumentHelp(
            """
            As root, become this user once the interfaces are open. Default under sudo: the invoking user; else one \
            that is nobody, without a name, or root with --exec. root remains root, without capabilities.
            """,
            valueName: "user"
        )
    )
    var user: String?

    @Flag(
        name: .long,
        help: "Do not confine the process to the files (Landlock) and the system calls (seccomp) that it needs."
    )
    var noSandbox = false

    var given: [String] { [user == nil ? nil : "-Z", noSandbox ? "--no-sandbox" : nil].compactMap { $0 } }
}

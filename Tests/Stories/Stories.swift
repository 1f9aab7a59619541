import ArgumentParser

/// Plays simulated stories and holds the tracker's verdict against their truth.
@main struct Stories: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stories",
        abstract: "Plays stories of simulated routers and holds the verdict against the truth.",
        subcommands: [Run.self, Show.self],
        defaultSubcommand: Run.self
    )
}

internal import ArgumentParser

/// The way in which damaged files are read.
struct SalvageOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "Read on after damage in a file where something plausible follows; the exit status stays 2."
    )
    var salvage = false

    /// Refuses the option for interfaces.
    func refuseForInterfaces() throws {
        if salvage { throw Failure.usage("--salvage is for capture files only; leave it out for interfaces") }
    }

    /// The options as they are given.
    var words: [String] { salvage ? ["--salvage"] : [] }
}

internal import ArgumentParser

/// The way in which damaged files are read.
struct SalvageOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "Go on reading behind damage in a file where packets follow; the exit status remains 2."
    )
    var salvage = false

    /// Refuses the option for interfaces.
    func refuseForInterfaces() throws {
        if salvage { throw Failure.usage("--salvage is for capture files only; leave it out for interfaces") }
    }

    /// The options as they are given.
    var words: [String] { salvage ? ["--salvage"] : [] }
}

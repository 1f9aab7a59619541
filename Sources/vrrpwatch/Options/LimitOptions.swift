internal import ArgumentParser

/// The number of packets after which the work ends.
struct LimitOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp("Stop after this many relevant packets.", valueName: "count")
    )
    var count: Int?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is at least 1, not \(count)") }
    }

    /// The options as they are given.
    var words: [String] { count.map { ["-c", "\($0)"] } ?? [] }
}

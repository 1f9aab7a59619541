internal import ArgumentParser
internal import VRRPConfiguration
internal import VRRPFindings

/// The configurations that what is seen is held against.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A router's keepalived.conf or FRR configuration, to hold what is seen against; can be repeated.",
            valueName: "conf"
        )
    )
    var config: [String] = []

    /// Reads them, and tells of damaged ones on standard error.
    ///
    /// Throws ``Failure``, status 3, for one that cannot be read.
    func read() throws -> Given {
        let routers = try ConfigurationFolder.routers(config)
        let problems = routers.flatMap(\.problems).filter { $0.kind == .syntax }
        for problem in problems { Diagnostics.say("\(problem.location): \(problem.message)") }
        return Given(expectation: Expectation(routers), isDamaged: !problems.isEmpty)
    }

    struct Given {
        var expectation: Expectation
        /// Whether a text is damaged, so that it may have been misread.
        var isDamaged: Bool
    }
}

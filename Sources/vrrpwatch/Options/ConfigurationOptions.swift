internal import ArgumentParser
internal import VRRPConfiguration
internal import VRRPFindings

/// The configurations that the traffic is compared with.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Hold the traffic against a router's keepalived.conf or FRR configuration; can be repeated.",
            valueName: "conf"
        ),
        completion: .file()
    )
    var config: [String] = []

    /// Reads the configurations, and reports damaged ones on standard error.
    ///
    /// - Throws: ``Failure`` with status 3 for one that cannot be read.
    func read() throws -> Given {
        let routers = try ConfigurationFolder.routers(config)
        let problems = routers.flatMap(\.problems).filter { $0.kind == .syntax || $0.kind == .dialect }
        for problem in problems { Diagnostics.say("\(problem.location): \(problem.message)") }
        return Given(expectation: Expectation(routers), isDamaged: !problems.isEmpty)
    }

    /// The options as they are given.
    var words: [String] { config.flatMap { ["--config", $0] } }

    /// The configurations as they were read.
    struct Given {
        var expectation: Expectation
        /// Whether a text is damaged, so that it may have been misread.
        var isDamaged: Bool
    }
}

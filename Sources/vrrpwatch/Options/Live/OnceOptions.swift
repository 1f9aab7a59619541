internal import ArgumentParser

/// A watch that ends by itself with one line for a monitoring system.
struct OnceOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Watch for this many seconds, then print the one line that Nagios and Checkmk read. Exit status: 0 OK, "
                + "1 warning, 2 critical, 3 unknown.",
            valueName: "seconds"
        )
    )
    var once: Int?

    func validate() throws {
        if let once, !(5...3600).contains(once) {
            throw ValidationError("--once is between 5 and 3600 seconds, not \(once)")
        }
    }

    var given: [String] { once == nil ? [] : ["--once"] }

    /// Refuses what makes no sense beside the option.
    ///
    /// - Throws: ``Failure`` with status 64 where another option asks for other output or another end.
    func refuse(_ form: EventForm, _ observation: ObservationOptions, _ watch: WatchOptions) throws {
        let others = [
            (form == .text, "--format \(form.rawValue)"), (!watch.screen.screen, "--screen"),
            (!observation.output.verbose, "--verbose"), (observation.limit.count == nil, "-c"),
            (observation.verdict.failOn == nil, "--fail-on"), (!watch.service.monitoring.journal, "--journal"),
        ]
        for (isFine, option) in others where !isFine {
            throw Failure.usage("--once and \(option) contradict each other; leave one out")
        }
    }
}

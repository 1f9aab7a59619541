internal import ArgumentParser
internal import VRRPFindings

extension Severity: ExpressibleByArgument {}

/// The severity from which on findings decide the exit status.
struct VerdictOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit with status 1 when a finding of this severity or above was made.",
            valueName: "severity"
        )
    )
    var failOn: Severity?

    /// The exit status after work whose gravest finding is given.
    func status(worst: Severity?) -> ExitStatus {
        guard let failOn, let worst, worst >= failOn else { return .done }
        return .finding
    }
}

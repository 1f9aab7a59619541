internal import ArgumentParser
internal import VRRPCapture

/// The view that a person has of a watch.
struct ScreenOptions: ParsableArguments, LiveOnlyOptions {
    @Flag(
        name: .long,
        help: "Show all virtual routers on the whole terminal, those in trouble first. Press h there for help."
    )
    var screen = false

    var given: [String] { screen ? ["--screen"] : [] }

    /// The view of a watch that writes events in a form to a destination.
    ///
    /// - Throws: ``Failure`` with status 64 where the full-screen view is asked for and cannot be shown.
    func kind(_ form: EventForm, _ output: OutputOptions) throws -> LiveDisplay.Kind {
        let isOnTerminal = output.isStandardOutput && Terminal.isThere
        guard screen else {
            return isOnTerminal && form == .text && !output.quiet && !output.verbose ? .statusLine : .lines
        }
        guard form == .text else {
            throw Failure.usage("--screen and --format \(form.rawValue) contradict each other; leave one out")
        }
        guard output.output == nil else {
            throw Failure.usage("--screen and -o contradict each other; leave one out")
        }
        guard isOnTerminal else {
            throw Failure.usage(
                "--screen needs a terminal, and standard output is none; leave it out to get a line for each event"
            )
        }
        return .screen
    }
}

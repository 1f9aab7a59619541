internal import ArgumentParser
internal import VRRPCapture

/// How a person sees what is watched.
struct ScreenOptions: ParsableArguments {
    @Flag(name: .long, help: "Show all virtual routers on the whole terminal, those in trouble first; h is help there.")
    var screen = false

    /// Refuses the option where there are no interfaces.
    func refuseForFiles() throws {
        if screen { throw Failure.usage("--screen is for live capture only") }
    }

    /// What to show of a watch whose output is of a form and goes where `form` says.
    func kind(_ format: Format, _ form: FormOptions) throws -> LiveDisplay.Kind {
        let isOnTerminal = (form.output == nil || form.output == "-") && Terminal.isThere
        if screen {
            guard format == .text else {
                throw Failure.usage("--screen and --format \(format.rawValue) contradict each other")
            }
            guard form.output == nil else { throw Failure.usage("--screen and -o contradict each other") }
            guard isOnTerminal else {
                throw Failure.usage(
                    "--screen needs a terminal, and standard output is none; without it there is a line an event"
                )
            }
            return .screen
        }
        return isOnTerminal && format == .text && !form.quiet && !form.verbose ? .statusLine : .lines
    }
}

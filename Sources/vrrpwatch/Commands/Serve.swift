internal import ArgumentParser
internal import VRRPCapture

/// Serves what several sensors see, by the program that is made for that.
///
/// The capturing program opens no port, and the serving one captures nothing.
struct Serve: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Show live what several sensors see, as a page, for Prometheus and as events.",
        usage: "vrrpwatch serve --sensor NAME=SOURCE... [options]",
        discussion: """
            Examples:
              vrrpwatch serve --sensor a=ssh://watcher@r1/eth0 --sensor b=ssh://watcher@r2/eth0
              vrrpwatch serve --sensor lab=/run/lab.fifo --segments segments.conf
              vrrpwatch-serve --help                  all options

            Runs the program vrrpwatch-serve, which is beside vrrpwatch or in PATH, with all that follows.
            """
    )

    static let program = "vrrpwatch-serve"

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Options of vrrpwatch-serve.", valueName: "option")
    )
    var options: [String] = []

    func runToStatus() throws -> ExitStatus {
        guard let path = Program.path(of: Self.program) else {
            throw Failure(
                .couldNotStart,
                "serve: the program \(Self.program) is neither beside vrrpwatch nor in PATH; it is built by `.ci/serve --build` "
                    + "of vrrpwatch's sources"
            )
        }
        throw Failure(.couldNotStart, Program.become(path, options).message)
    }
}

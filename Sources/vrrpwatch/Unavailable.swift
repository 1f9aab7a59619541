internal import ArgumentParser

/// A command that has its name already, so that no file or interface is mistaken for it, and does nothing yet.
protocol UnavailableCommand: StatusCommand {
    var arguments: [String] { get }
}

extension UnavailableCommand {
    func runToStatus() throws -> ExitStatus {
        throw Failure.usage("`vrrpwatch \(Self.configuration.commandName ?? "")` is not available yet")
    }
}

struct Check: UnavailableCommand {
    static let configuration = CommandConfiguration(commandName: "check", shouldDisplay: false)

    @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

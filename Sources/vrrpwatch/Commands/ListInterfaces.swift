internal import ArgumentParser
internal import VRRPCapture
internal import VRRPReport

/// Lists what can be watched.
struct ListInterfaces: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "interfaces",
        abstract: "List the interfaces that can be watched, and why others cannot.",
        usage: "vrrpwatch interfaces",
        discussion: """
            Example:
              vrrpwatch interfaces
            """
    )

    func runToStatus() throws -> ExitStatus {
        let interfaces: [Interface]
        do throws(CaptureError) {
            interfaces = try Interfaces.all()
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
        let rows = interfaces.map { interface in
            InterfaceTable.Row(
                name: interface.name,
                state: interface.name == "any" ? "" : interface.isUp ? interface.isRunning ? "up" : "no link" : "down",
                obstacle: interface.obstacle?.detail,
                addresses: interface.addresses
            )
        }
        let output = try Output(path: nil)
        try output.write(InterfaceTable.render(rows, style: .plain))
        try output.finish()
        // One mend serves all interfaces; it is said once.
        if let error = interfaces.lazy.compactMap(\.obstacle).first(where: { $0.capability != nil }) {
            Diagnostics.say(error.messageWithMend)
        }
        return .done
    }
}

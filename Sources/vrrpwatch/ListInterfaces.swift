internal import ArgumentParser
internal import Foundation

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
        throw Failure.usage("live capture is not available yet")
    }
}

enum InterfaceList {
    static func contains(_ name: String) -> Bool {
        name == "any" || (!name.contains("/") && FileManager.default.fileExists(atPath: "/sys/class/net/\(name)"))
    }
}

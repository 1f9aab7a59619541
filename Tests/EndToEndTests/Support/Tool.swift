import Foundation
import Subprocess
import SystemPackage

/// A program that these tests use beside the one under test.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Returns the path of the program `name`, if the program is installed.
    static func path(of name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func isInstalled(_ name: String) -> Bool {
        path(of: name) != nil
    }

    /// Runs a program to its end and returns what it printed; that it fails is an error.
    @discardableResult
    static func run(_ name: String, _ arguments: String...) async throws -> String {
        try await run(name, arguments)
    }

    @discardableResult
    static func run(_ name: String, _ arguments: [String]) async throws -> String {
        guard let path = path(of: name) else { throw Failure(description: "\(name) is not installed") }
        let result = try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            output: .string(limit: Vrrpwatch.outputLimit),
            error: .string(limit: Vrrpwatch.outputLimit)
        )
        guard result.terminationStatus.isSuccess else {
            let command = ([name] + arguments).joined(separator: " ")
            throw Failure(description: "\(command): \(result.terminationStatus) \(result.standardError)")
        }
        return result.standardOutput
    }
}

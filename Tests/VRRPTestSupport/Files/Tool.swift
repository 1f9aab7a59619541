package import Foundation

/// The built command, run as users run it.
package enum Tool {
    package struct Result {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    private struct Missing: Error, CustomStringConvertible {
        var description: String { "the command is not beside the tests" }
    }

    /// Beside the test bundle, which the test runner names in one way or another.
    package static let url: URL? = {
        var candidates: [String] = []
        let arguments = CommandLine.arguments
        if let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count {
            candidates.append(arguments[index + 1])
        }
        candidates += [arguments[0], Bundle.main.executablePath].compactMap { $0 }
        let places = candidates.map { URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent() }
        return places.map { $0.appending(path: "vrrpwatch") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Runs the command, reading both its outputs by way of files so that no pipe can fill up.
    package static func run(
        _ arguments: [String],
        input: String? = nil,
        environment: [String: String] = [:],
        in folder: Folder
    ) throws -> Result {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        guard let tool = url else { throw Missing() }
        let out = folder.path("stdout-\(UUID().uuidString)")
        let errors = folder.path("stderr-\(UUID().uuidString)")
        shell.arguments = ["-c", #"exec "$@" >"$OUT" 2>"$ERR" <"$IN""#, "sh", tool.path] + arguments
        var all = ["TZ": "UTC", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        all["OUT"] = environment["OUT"] ?? out
        all["ERR"] = errors
        all["IN"] = input ?? "/dev/null"
        shell.environment = all.merging(environment) { $1 }
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        return Result(
            status: shell.terminationStatus,
            // Where output went elsewhere there is none here.
            output: (try? String(contentsOfFile: out, encoding: .utf8)) ?? "",
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
    }
}

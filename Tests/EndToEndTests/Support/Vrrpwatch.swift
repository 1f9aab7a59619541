import Foundation
import Subprocess
import SystemPackage

/// The program under test, run the way its users run it.
///
/// Processes are started with swift-subprocess rather than `Foundation.Process`: it signals through a process descriptor,
/// which can never hit a stranger's process, it streams output without callbacks, and a failing test tears its process
/// down with it.
enum Vrrpwatch {
    struct Outcome: Sendable {
        /// The exit status; a signal counts from 128, as in a shell.
        var status: Int
        var output: [UInt8]
        var errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// The program that `VRRPWATCH_TESTED` names, as `.ci/release` does; else the build that lies beside this test program.
    static let executable: FilePath = {
        if let given = ProcessInfo.processInfo.environment["VRRPWATCH_TESTED"] { return FilePath(given) }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(tests).removingLastComponent().appending("vrrpwatch")
    }()

    /// The release build that `.ci/test` makes and names.
    static let release = ProcessInfo.processInfo.environment["VRRPWATCH_RELEASE"]

    /// No output of these tests comes near it.
    static let outputLimit = 64 << 20

    /// UTC, and neither colour nor a home directory's habits.
    static let environment: Environment = .inherit.updating(["TZ": "UTC", "NO_COLOR": "1"])

    static func run(_ arguments: [String], input: [UInt8] = []) async throws -> Outcome {
        try await Turnstile.shared.pass {
            let result = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                environment: environment,
                input: .array(input),
                output: .bytes(limit: outputLimit),
                error: .string(limit: outputLimit)
            )
            return Outcome(
                status: result.terminationStatus.shellStatus,
                output: result.standardOutput,
                errors: result.standardError
            )
        }
    }

    /// Runs the program with its standard output going to `descriptor`, which is closed afterwards.
    static func run(_ arguments: [String], writingTo descriptor: FileDescriptor) async throws -> Outcome {
        try await Turnstile.shared.pass {
            let result = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                environment: environment,
                output: .fileDescriptor(descriptor, closeAfterSpawningProcess: true),
                error: .string(limit: outputLimit)
            )
            return Outcome(status: result.terminationStatus.shellStatus, output: [], errors: result.standardError)
        }
    }
}

extension TerminationStatus {
    var shellStatus: Int {
        switch self {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }
}

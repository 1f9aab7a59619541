import Foundation
import Subprocess
import SystemPackage
import Testing

/// Headless Chromium, driven by `browser.py`.
enum Browser {
    struct Screenshot: Encodable, Sendable {
        var file: String
        var scheme = "light"
        var width: Int
        var height: Int
        /// The selector of the element that the window is scrolled to.
        var at = "html"
    }

    /// A thing that a reader does with a page, as `act` in `browser.py` has it.
    struct Step: Encodable, Sendable {
        var `do`: String
        /// The selector of the element.
        var at: String?
        var text: String?
        /// The places of the mouse, as shares of the element's width.
        var from: Double?
        var to: Double?

        static func ask(_ expression: String) -> Self { Self(do: "ask", text: expression) }
        static func click(_ at: String, share: Double = 0.5) -> Self { Self(do: "click", at: at, from: share) }
        static func drag(_ at: String, from: Double, to: Double) -> Self {
            Self(do: "drag", at: at, from: from, to: to)
        }
        static func key(_ key: String, at: String) -> Self { Self(do: "key", at: at, text: key) }
        static func type(_ text: String, at: String) -> Self { Self(do: "type", at: at, text: text) }
        static func choose(_ position: Int, at: String) -> Self { Self(do: "choose", at: at, text: "\(position)") }
        static func go(_ hash: String) -> Self { Self(do: "go", text: hash) }
    }

    /// A page and what is to be seen of it.
    struct Page: Encodable, Sendable {
        var file: String
        /// Colour schemes to look for violations of accessibility in.
        var axe: [String] = ["light"]
        /// Whether axe measures contrasts, which takes most of its time.
        var contrast = true
        /// The texts that the page and its print-out must show.
        var words: [String] = []
        var pdf = true
        var screenshots: [Screenshot] = []
        /// Whether the page's script may run.
        var script = true
        var steps: [Step] = []
    }

    /// The results of looking at a page.
    struct Sight: Decodable, Sendable {
        var file: String
        var console: [String]
        var requests: [String]
        var violations: [String]
        var elements: [String]
        var overflow: Int
        var missing: [String]
        var missingInPrint: [String]
        var clipped: [String]
        /// Milliseconds until something was seen.
        var painted: Int
        /// Milliseconds until everything was there.
        var milliseconds: Int
        /// The answers of the steps that ask.
        var answers: [String]
    }

    private struct Task: Encodable {
        var axe: String
        var pages: [Page]
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    private static let axe = root.appending(path: ".build-browser/axe.min.js").path

    static let isInstalled = ["chromium", "chromedriver", "pdftotext"].allSatisfy { name in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Opens the pages one after the other.
    ///
    /// The browser runs with low priority: the live lab beside it must send its advertisements in time.
    static func look(at pages: [Page]) async throws -> [Sight] {
        guard FileManager.default.fileExists(atPath: axe) else {
            throw Failure(description: "axe-core is missing; .ci/browser-setup fetches it")
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "browser.py").path
        let task = try JSONEncoder().encode(Task(axe: axe, pages: pages))
        let result = try await Subprocess.run(
            .name("nice"),
            arguments: Arguments(["-n", "19", "python3", script]),
            input: .array([UInt8](task)),
            output: .bytes(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "browser.py: \(result.terminationStatus) \(result.standardError)")
        }
        return try JSONDecoder().decode([Sight].self, from: Data(result.standardOutput))
    }

    /// Records whatever is wrong with a page.
    static func expectNothingWrong(with sight: Sight) {
        let name = URL(filePath: sight.file).lastPathComponent
        #expect(sight.console.isEmpty, "\(name): the console says something")
        #expect(sight.requests.isEmpty, "\(name): something was asked for")
        #expect(sight.violations.isEmpty, "\(name): axe finds violations")
        #expect(sight.elements.isEmpty, "\(name): there are elements that could do something")
        #expect(sight.overflow <= 0, "\(name): wider than a window 360 wide")
        #expect(sight.missing.isEmpty, "\(name): words are missing")
        #expect(sight.missingInPrint.isEmpty, "\(name): words are missing in the print-out")
        #expect(sight.clipped.isEmpty, "\(name): pictures are clipped in the print-out")
    }
}

extension Browser {
    /// Runs a program; that it fails is an error.
    static func run(_ name: String, _ arguments: [String]) async throws {
        let result = try await Subprocess.run(
            .name(name),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(name) \(arguments): \(result.terminationStatus) \(result.standardError)")
        }
    }
}

/// The program under test, run the way its users run it.
enum Vrrpwatch {
    static let executable: FilePath = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(tests).removingLastComponent().appending("vrrpwatch")
    }()

    /// Runs the program in the repository's root and returns its standard output; that it fails is an error.
    @discardableResult
    static func run(_ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .path(executable),
            arguments: Arguments(arguments),
            environment: .inherit.updating(["TZ": "UTC"]),
            workingDirectory: FilePath(Browser.root.path),
            output: .string(limit: 64 << 20),
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw Browser.Failure(description: "\(arguments): \(result.terminationStatus) \(result.standardError)")
        }
        return result.standardOutput
    }
}

/// Runs `body` with a folder of its own and removes the folder afterwards.
func withTemporaryFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "vrrpwatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

import Foundation

/// A file of cases: prose and directives, `----`, the output that they must have, a blank line.
///
/// Everything up to `----` belongs to the case, its comments and blank lines included, so that rewriting keeps them.
package struct GoldenFile {
    package struct Case {
        /// The line of the file, from 1, on which it begins.
        package var line: Int
        package var directive: String
        package var expected: String
    }

    package var cases: [Case] = []
    /// The text after the last case.
    private var rest = ""
    private let url: URL

    /// Whether expected outputs are to be replaced by the actual ones: `VRRPWATCH_REWRITE=1 swift test`.
    package static var isRewriting: Bool { ProcessInfo.processInfo.environment["VRRPWATCH_REWRITE"] == "1" }

    /// The names of the files in a folder beside a source file, in order.
    package static func names(beside source: String, in folder: String = "Scenarios") throws -> [String] {
        let path = Self.url(of: folder, beside: source).path
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".txt") }.sorted()
    }

    /// Reads a file of a folder beside a source file.
    package init(_ name: String, beside source: String, in folder: String = "Scenarios") throws {
        url = Self.url(of: folder, beside: source).appending(path: name)
        var directive: [Substring] = []
        var expected: [Substring]?
        let lines = try String(contentsOf: url, encoding: .utf8).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        var start = 1
        for (index, line) in lines.enumerated() {
            if let output = expected {
                if line.isEmpty {
                    cases.append(Self.makeCase(start, directive, output))
                    directive = []
                    expected = nil
                    start = index + 2
                } else {
                    expected = output + [line]
                }
            } else if line == "----" {
                expected = []
            } else {
                directive.append(line)
            }
        }
        if let expected {
            cases.append(Self.makeCase(start, directive, expected))
        } else {
            rest = directive.joined(separator: "\n")
        }
    }

    /// Returns the text of a whole file, into which the actual text is written first where expected outputs are replaced.
    ///
    /// - Parameters:
    ///   - path: the path from the root of the repository.
    ///   - actual: the text as it is now.
    /// - Returns: the text that the file holds.
    /// - Throws: the error of the file system where the file cannot be read or written.
    package static func whole(_ path: String, _ actual: String) throws -> String {
        let url = SourceTree.url(path)
        if isRewriting { try actual.write(to: url, atomically: true, encoding: .utf8) }
        return try String(contentsOf: url, encoding: .utf8)
    }

    /// Writes the file with the outputs as they are now.
    package func rewrite() throws {
        let text = cases.map { "\($0.directive)\n----\n\($0.expected)\n" }.joined(separator: "\n")
        let end = rest.isEmpty ? "" : "\n\(rest)\n"
        try (text + end).write(to: url, atomically: true, encoding: .utf8)
    }

    private static func url(of folder: String, beside source: String) -> URL {
        URL(filePath: source).deletingLastPathComponent().appending(path: folder)
    }

    private static func makeCase(_ line: Int, _ directive: [Substring], _ expected: [Substring]) -> Case {
        Case(line: line, directive: directive.joined(separator: "\n"), expected: expected.joined(separator: "\n"))
    }
}

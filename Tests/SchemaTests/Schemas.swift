import Foundation
import Testing
import VRRPTestSupport

/// The schemas of the folder `Schemas`, asked by way of `schemas.py` and PyPI's jsonschema.
enum Schemas {
    /// The forms that a schema describes, each by the word in its name.
    enum Form: String, Encodable, CaseIterable {
        case report, event, packet, check
    }

    /// A file with one JSON document, or one a line.
    struct Sample: Encodable {
        var form: Form
        var name: String
        var file: String
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let python = SourceTree.url(".build-schema/venv/bin/python")

    static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

    /// Returns a line for each sample that is not as its schema says.
    static func violations(in samples: [Sample]) throws -> [String] { try problems("validate", samples) }

    /// Returns a line for each change to a sample that its schema does not notice.
    static func unnoticedChanges(to samples: [Sample]) throws -> [String] { try problems("mutate", samples) }

    /// Returns a line for each fault of the schemas themselves.
    static func faults() throws -> [String] { try problems("lint", []) }

    /// Returns the page of a form, with examples, each a line of JSON.
    static func page(_ form: Form, examples: [String]) throws -> String {
        try run(["page", form.rawValue], input: examples.joined(separator: "\n"))
    }

    private static func problems(_ command: String, _ samples: [Sample]) throws -> [String] {
        let input = String(decoding: try JSONEncoder().encode(samples), as: UTF8.self)
        return try JSONDecoder().decode([String].self, from: Data(run([command], input: input).utf8))
    }

    private static func run(_ arguments: [String], input: String) throws -> String {
        let folder = try Folder()
        try folder.write(Array(input.utf8), to: "input")
        let process = Process()
        process.executableURL = python
        process.arguments = [SourceTree.url("Tests/SchemaTests/schemas.py").path] + arguments
        process.environment = ["PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"]
        process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: "input"))
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "schemas.py \(arguments.joined(separator: " ")) failed; its words are above")
        }
        return String(decoding: output, as: UTF8.self)
    }
}

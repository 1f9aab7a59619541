import Foundation

/// The schemas of the folder `Schemas`, asked by way of `schemas.py` and PyPI's jsonschema.
package enum Schemas {
    /// The forms that a schema describes, each by the word in its name.
    package enum Form: String, Encodable, CaseIterable {
        case report, event, packet, check, extract
    }

    /// A file with one JSON document, or one a line.
    package struct Sample: Encodable {
        package var form: Form
        package var name: String
        package var file: String

        package init(form: Form, name: String, file: String) {
            self.form = form
            self.name = name
            self.file = file
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let python = SourceTree.url(".build-schema/venv/bin/python")

    package static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

    /// Returns a line for each sample that is not as its schema says.
    package static func violations(in samples: [Sample]) throws -> [String] { try problems("validate", samples) }

    /// Returns a line for each of some lines of output that is not as the schema of its form says.
    package static func violations(in lines: [String], of form: Form) throws -> [String] {
        let folder = try Folder()
        try folder.write(Array(lines.joined(separator: "\n").utf8), to: "lines")
        return try violations(in: [Sample(form: form, name: form.rawValue, file: folder.path("lines"))])
    }

    /// Returns a line for each change to a sample that its schema does not notice.
    package static func unnoticedChanges(to samples: [Sample]) throws -> [String] { try problems("mutate", samples) }

    /// Returns a line for each fault of the schemas themselves.
    package static func faults() throws -> [String] { try problems("lint", []) }

    /// Returns the page of a form, with examples, each a line of JSON.
    package static func page(_ form: Form, examples: [String]) throws -> String {
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

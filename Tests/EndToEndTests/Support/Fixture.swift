import Foundation

/// A recording of real routers with what is known about it: a folder of `Fixtures/Captures`.
struct Fixture: Sendable, CustomStringConvertible {
    /// The required and the forbidden contents of a report on the recording.
    struct Expectation: Decodable, Sendable {
        struct Transition: Decodable, Hashable, Sendable {
            var to: [String]
            var cause: String
        }

        var capture: [String]
        var required: [String]
        /// Ids or severities.
        var forbidden: [String]
        var transitions: [Transition]?
        var virtualRouters: Int?
    }

    var folder: URL

    var name: String { folder.lastPathComponent }
    var description: String { name }

    static let package = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    static let all: [Fixture] = {
        let captures = package.appending(path: "Fixtures/Captures")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: captures.path)) ?? []
        return names.sorted().map { Fixture(folder: captures.appending(path: $0)) }
    }()

    static func named(_ name: String) -> Fixture {
        Fixture(folder: package.appending(path: "Fixtures/Captures").appending(path: name))
    }

    /// The recording at the switch.
    var capture: String { folder.appending(path: "capture.pcap").path }

    func expectation() throws -> Expectation {
        try JSONDecoder().decode(Expectation.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    /// The recordings that a report on this fixture is made from.
    func captures() throws -> [String] {
        try expectation().capture.map { folder.appending(path: $0).path }
    }

    /// The routers' configurations by router.
    func configurations() throws -> [String: String] {
        var texts: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "conf" {
            texts[file.deletingPathExtension().lastPathComponent] = try String(contentsOf: file, encoding: .utf8)
        }
        return texts
    }
}

/// Every `.pcap` and `.pcapng` file below `folder`, in order.
func captureFiles(below folder: URL) -> [String] {
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    var paths: [String] = []
    for case let file as URL in files where ["pcap", "pcapng"].contains(file.pathExtension) {
        paths.append(file.standardizedFileURL.path)
    }
    return paths.sorted()
}

package import Foundation

/// A folder for one test, removed with it.
package final class Folder {
    package let url = FileManager.default.temporaryDirectory.appending(path: "vrrpwatch-test-\(UUID().uuidString)")

    package init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A folder left behind does no harm.
        try? FileManager.default.removeItem(at: url)
    }

    package func path(_ name: String) -> String { url.appending(path: name).path }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name))
    }

    package func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appending(path: name))) }

    package func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix("std") } }
    }
}

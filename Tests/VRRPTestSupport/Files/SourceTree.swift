package import Foundation

/// The checked-out sources that the tests were built from.
package enum SourceTree {
    /// The folder of `Package.swift`.
    package static let root: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            precondition(folder.path != "/", "no Package.swift above \(#filePath)")
            folder.deleteLastPathComponent()
        }
        return folder.standardizedFileURL
    }()

    /// The file or folder at a path from the root.
    package static func url(_ path: String) -> URL { root.appending(path: path) }
}

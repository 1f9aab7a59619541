import Foundation

/// The files of the repository, without what the build and git keep there.
enum ProjectFiles {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The files of a folder, or all, as paths from the root, in order.
    static func files(in folder: String = "") throws -> [String] {
        let start = folder.isEmpty ? root : root.appending(path: folder)
        guard
            let enumerator = FileManager.default.enumerator(at: start, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        let prefix = root.standardizedFileURL.path + "/"
        var files: [String] = []
        for case let url as URL in enumerator {
            let name = url.lastPathComponent
            if name == ".git" || name == ".swiftpm" || name.hasPrefix(".build") {
                enumerator.skipDescendants()
            } else if try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
                files.append(String(url.standardizedFileURL.path.dropFirst(prefix.count)))
            }
        }
        return files.sorted()
    }

    static func size(of file: String) throws -> Int {
        try root.appending(path: file).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
    }

    /// The text of a file; `nil` where it is none.
    static func text(of file: String) throws -> String? {
        String(bytes: try Data(contentsOf: root.appending(path: file)), encoding: .utf8)
    }

    /// The lines of a Swift file without what follows `//`.
    static func code(of file: String) throws -> [Substring] {
        let text = try text(of: file) ?? ""
        return text.split(separator: "\n").map { line in
            line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        }
    }
}

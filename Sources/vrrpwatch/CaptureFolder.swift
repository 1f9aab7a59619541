internal import Foundation

/// A directory that stands for the captures in it.
enum CaptureFolder {
    /// The regular files of a directory, hidden ones left out, in order of their names; `nil` for anything else.
    static func files(in path: String) -> [String]? {
        // What cannot be listed is opened as a file, and the error is said then.
        guard path != "-", type(of: path) == .typeDirectory,
            let names = try? FileManager.default.contentsOfDirectory(atPath: path)
        else {
            return nil
        }
        return names.filter { !$0.hasPrefix(".") }.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
            .filter { type(of: $0) == .typeRegular }
    }

    /// What stands at a path, by way of symbolic links; `nil` where there is nothing.
    private static func type(of path: String) -> FileAttributeType? {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        // Absence is the meaning.
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return attributes?[.type] as? FileAttributeType
    }
}

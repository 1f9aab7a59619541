internal import VRRPCapture

/// A directory that stands for the captures in it.
enum CaptureFolder {
    /// The regular files of a directory, hidden ones left out, in order of their names; `nil` for anything else.
    static func files(in path: String) -> [String]? {
        // A directory that cannot be listed is opened as a file, which then reports the error.
        guard path != "-", FileType(of: path) == .directory, let names = try? OutputDirectory.files(in: path)
        else {
            return nil
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return names.filter { !$0.hasPrefix(".") }.sorted().map { folder + $0 }
    }
}

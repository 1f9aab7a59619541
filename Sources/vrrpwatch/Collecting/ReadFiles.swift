internal import Synchronization
internal import VRRPConfiguration

/// Configuration files of this machine, of which the texts that were read are kept.
final class ReadFiles: ConfigurationFiles, Sendable {
    private let folder = ConfigurationFolder()
    private let kept = Mutex<[(path: String, text: String)]>([])

    /// The texts that were read, by their paths, the first one first.
    var texts: [(path: String, text: String)] { kept.withLock { $0 } }

    func text(of path: String) throws(ConfigurationFileError) -> String {
        let text = try folder.text(of: path)
        kept.withLock { kept in
            if !kept.contains(where: { $0.path == path }) { kept.append((path, text)) }
        }
        return text
    }

    func paths(matching pattern: String) -> [String] { folder.paths(matching: pattern) }
}

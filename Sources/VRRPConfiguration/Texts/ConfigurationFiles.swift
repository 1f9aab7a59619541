/// The source of configuration text.
package protocol ConfigurationFiles {
    /// The content of a file.
    func text(of path: String) throws(ConfigurationFileError) -> String
    /// The paths that match a pattern of glob(7) with csh's braces, in order; directories are left out.
    func paths(matching pattern: String) -> [String]
}

/// The reason why a file could not be read.
package struct ConfigurationFileError: Error {
    package var path: String
    /// The reason in the system's words.
    package var reason: String

    package init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// Texts by path, for tests and for text that is in memory already; patterns match themselves only.
package struct ConfigurationTexts: ConfigurationFiles {
    private let texts: [String: String]

    package init(_ texts: [String: String]) {
        self.texts = texts
    }

    package func text(of path: String) throws(ConfigurationFileError) -> String {
        guard let text = texts[path] else { throw ConfigurationFileError(path, "no such file") }
        return text
    }

    package func paths(matching pattern: String) -> [String] {
        texts.keys.filter { $0 == pattern }
    }
}

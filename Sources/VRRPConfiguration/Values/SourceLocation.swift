/// A line of a configuration file.
package struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The path as it was given or, for an included file, as it was found.
    package var file: String
    /// The line number, from 1.
    package var line: Int

    package init(_ file: String, _ line: Int) {
        self.file = file
        self.line = line
    }

    /// `keepalived.conf:12`, as compilers write it.
    package var description: String { "\(file):\(line)" }

    package static func < (left: Self, right: Self) -> Bool { (left.file, left.line) < (right.file, right.line) }
}

/// Something that a reader cannot make sense of, or can only in part.
package struct ConfigurationProblem: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The text is damaged: braces, quotes, definitions. What follows may be misread.
        case syntax
        /// A value that its keyword does not take; the default stands in its place.
        case value
        /// A keyword that is not known where it stands.
        case keyword
        /// A name that nothing in the configuration bears.
        case reference
        /// Something that this configuration alone does not decide, so that it was not evaluated.
        case unevaluated
        /// A password that ends where an unquoted comment begins.
        case cutPassword
        /// A text in a language that is not read here.
        case dialect
        /// An included file that cannot be read.
        case include
    }

    package var kind: Kind
    package var location: SourceLocation
    /// Without file, line and secrets.
    package var message: String

    package init(_ kind: Kind, _ location: SourceLocation, _ message: String) {
        self.kind = kind
        self.location = location
        self.message = message
    }
}

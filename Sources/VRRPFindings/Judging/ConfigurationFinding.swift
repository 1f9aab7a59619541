package import VRRPConfiguration

/// One thing that is wrong with configurations, with the line to look at.
///
/// Configurations have lines and no time, packets have time and no lines: that is why this is no ``Finding``.
package struct ConfigurationFinding: Sendable {
    package var rule: Rule
    package var severity: Severity
    package var location: SourceLocation
    /// Further lines that have part in it.
    package var related: [SourceLocation]
    /// The names of the routers concerned.
    package var nodes: [String]
    /// One line, without file, line and secrets.
    package var summary: String

    init(
        _ rule: Rule,
        severity: Severity? = nil,
        at location: SourceLocation,
        related: [SourceLocation] = [],
        nodes: [String],
        summary: String
    ) {
        self.rule = rule
        self.severity = severity ?? rule.severity
        self.location = location
        self.related = related
        self.nodes = nodes
        self.summary = summary
    }
}

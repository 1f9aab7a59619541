/// What a kind of finding is: its stable id, its severity, and its page.
package struct FindingRule: Sendable {
    /// The name scripts rely on, such as `split-brain`.
    package var id: String
    package var severity: Severity
    /// When it is made, in one line.
    package var summary: String
    package var page: Page

    package init(_ id: String, _ severity: Severity, summary: String, page: Page) {
        self.id = id
        self.severity = severity
        self.summary = summary
        self.page = page
    }

    /// The page that `vrrpwatch explain` prints.
    package struct Page: Sendable {
        package var meaning: String
        package var importance: String
        /// A scenario that makes the finding, which is run as a test.
        package var onTheWire: String
        package var causes: [String]
        /// What to do, in a sentence or two that reports repeat.
        package var remedy: String
        /// What looks like it and is something else.
        package var notThis: String
        package var thresholds: String
        package var references: [String]

        package init(
            meaning: String,
            importance: String,
            onTheWire: String,
            causes: [String],
            remedy: String,
            notThis: String,
            thresholds: String,
            references: [String]
        ) {
            self.meaning = meaning
            self.importance = importance
            self.onTheWire = onTheWire
            self.causes = causes
            self.remedy = remedy
            self.notThis = notThis
            self.thresholds = thresholds
            self.references = references
        }
    }
}

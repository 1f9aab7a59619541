/// The most of each kind that a page shows.
struct PageLimits {
    /// The number of rows of incidents.
    var incidents = 24
    /// The number of virtual routers in detail.
    var detailed = 16
    var impactRows = 1000
    var openTransitions = 24
    var foldedTransitions = 40
    /// The number of findings up to which all are shown in full.
    var fewFindings = 40
    /// The number of each kind that are shown in full, where there are more.
    var fullFindingsEach = 3
    var foldedFindingsEach = 150
    var jitterRows = 100
    /// The number of statements of logs.
    var sayings = 400

    /// The limits of Markdown, in which nothing folds: trackers of tickets take no more than 65,536 characters.
    static let markdown = Self(
        incidents: 10,
        detailed: 4,
        impactRows: 60,
        openTransitions: 16,
        foldedTransitions: 0,
        fewFindings: 16,
        fullFindingsEach: 1,
        foldedFindingsEach: 8,
        jitterRows: 24,
        sayings: 40
    )
}

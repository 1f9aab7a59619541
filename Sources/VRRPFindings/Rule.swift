/// One kind of finding: the id that scripts rely on, its severity, its page, and what reports and tests need to know of it.
///
/// A rule is said once, in the file that also judges: ``CatalogueEntry``. Findings share it.
package final class Rule: Sendable {
    /// The name that scripts rely on, such as `split-brain`.
    package let id: String
    /// The ordinary severity; a finding may have another one.
    package let severity: Severity
    /// The folder of `Rules` that the rule lies in.
    package let group: Group
    /// The condition under which the finding is made, in one line.
    package let summary: String
    /// The clauses of the protocol whose violation the finding shows; none for rules about captures.
    package let clauses: [Clause]
    /// The place among the causes of an incident, the lowest first; `nil` for a finding that explains no other.
    ///
    /// Ranks are ten apart, so that there is room between two of them.
    package let causeRank: Int?
    /// Whether the finding is concluded from silence, which proves less where the capture itself lost packets.
    package let restsOnSilence: Bool
    /// Whether an advertisement like those before it may make the finding.
    ///
    /// A live session does not look at such advertisements, so it may tell the finding some intervals later.
    package let isGradual: Bool
    /// Whether the finding is about circumstances, such as the capture or a password in clear text.
    ///
    /// Of those of its severity it is told last.
    package let isCircumstance: Bool
    package let page: Page

    package init(
        _ id: String,
        _ severity: Severity,
        _ group: Group,
        summary: String,
        clauses: [Clause],
        causeRank: Int? = nil,
        restsOnSilence: Bool = false,
        isGradual: Bool = false,
        isCircumstance: Bool = false,
        page: Page
    ) {
        self.id = id
        self.severity = severity
        self.group = group
        self.summary = summary
        self.clauses = clauses
        self.causeRank = causeRank
        self.restsOnSilence = restsOnSilence
        self.isGradual = isGradual
        self.isCircumstance = isCircumstance
        self.page = page
    }

    /// A rule about configurations, whose page is short.
    ///
    /// The example is files that make the finding, as in a scenario; it is empty where the line that a finding names is
    /// example enough.
    package convenience init(
        _ id: String,
        _ severity: Severity,
        _ group: Group,
        summary: String,
        meaning: String,
        example: String = "",
        remedy: String,
        references: [String]
    ) {
        self.init(
            id,
            severity,
            group,
            summary: summary,
            clauses: [],
            page: Page(meaning: meaning, onTheWire: example, remedy: remedy, references: references)
        )
    }
}

extension Rule {
    /// The folders of `Rules`; the raw values are their paths.
    package enum Group: String, Hashable, Sendable, CaseIterable {
        case mastership = "Mastership"
        case paths = "Paths"
        case mismatch = "Mismatch"
        case announcements = "Announcements"
        case cadence = "Cadence"
        case packets = "Packets"
        case capture = "Capture"
        case configuration = "Configuration"
        case testimony = "Testimony"
        case checkText = "Check/Text"
        case checkAgreement = "Check/Agreement"
        case checkElection = "Check/Election"
        case checkInstance = "Check/Instance"

        /// Whether `vrrpwatch check` makes the findings of this group, from configurations alone.
        package var isOfCheck: Bool {
            switch self {
            case .mastership, .paths, .mismatch, .announcements, .cadence, .packets, .capture, .configuration,
                .testimony:
                false
            case .checkText, .checkAgreement, .checkElection, .checkInstance: true
            }
        }
    }

    /// A clause of the protocol that a finding shows the violation of.
    package struct Clause: Sendable, ExpressibleByStringLiteral {
        /// Document, section and place among the rows of that section, such as `RFC9568-6.4.3-2`.
        package let id: String
        /// The cases in which the finding shows it, to be read behind the finding's id; empty for all.
        package let note: String

        package init(_ id: String, _ note: String) {
            self.id = id
            self.note = note
        }

        package init(stringLiteral id: String) { self.init(id, "") }
    }

    /// The page that `vrrpwatch explain` prints; empty parts are left out.
    package struct Page: Sendable {
        package let meaning: String
        package let importance: String
        /// A scenario, or files of configurations, that make the finding; they are run as a test.
        package let onTheWire: String
        package let causes: [String]
        /// The remedy in a sentence or two, which reports repeat.
        package let remedy: String
        /// A situation that looks like this one and is another.
        package let notThis: String
        package let thresholds: String
        package let references: [String]

        package init(
            meaning: String,
            importance: String = "",
            onTheWire: String = "",
            causes: [String] = [],
            remedy: String,
            notThis: String = "",
            thresholds: String = "",
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

internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// The contents of the templates of HTML and Markdown, in the order of the page.
///
/// A member whose name ends in `Markup` is ready for its form and is inserted as it is; everything else is words of this
/// program, numbers and addresses, which the templates escape.
struct IncidentPage: Sendable {
    struct Link: Sendable {
        var anchor: String
        var label: String
    }

    /// An incident, or several alike.
    struct Happened: Sendable {
        /// The enlarged picture.
        struct Picture: Sendable {
            var label: String
            var titleMarkup: String
            var markup: String
            /// The changes of master in it that have a row.
            var changes: [Link]
            var note: String?
        }

        var anchor: String
        /// The number on the axis of the overview.
        var number: String
        var severity: String
        var symbol: String
        var time: String
        var kind: String
        var summaryMarkup: String
        var storyMarkup: String
        var findings: [Link]
        var picture: Picture?
    }

    /// All virtual routers on one time axis.
    struct Overview: Sendable {
        struct Group: Sendable {
            var pictureMarkup: String
            /// The rows of the members, where there are several.
            var members: [String]
            var isSeveral: Bool
        }

        var headMarkup = ""
        var groups: [Group] = []
        /// The first instant, in milliseconds since 1970, and the length in milliseconds.
        var start = "0"
        var length = "0"
        /// The offsets of the zone in minutes, each with the millisecond from which on it holds; empty for UTC.
        var zones = ""
        var note = ""
    }

    struct Impacts: Sendable {
        struct Row: Sendable {
            var nameMarkup: String
            var addresses: String
            var without: String
            var several: String
            var failovers: String
            var outageMarkup: String
            var bound: String
            var isLate: Bool
            var notObserved: String
            var state: String
        }

        var title: String
        var isOpen: Bool
        var rows: [Row]
        /// The number of virtual routers without a row, in words.
        var more: String?
    }

    struct Timeline: Sendable {
        var anchor: String
        var titleMarkup: String
        var label: String
        var pictureMarkup: String
        var note: String?
    }

    /// The ways of advertisements between the routers of one virtual router.
    struct Paths: Sendable {
        struct Row: Sendable {
            var sender: String
            var cells: [String]
        }

        var anchor: String
        var titleMarkup: String
        var label: String
        var pictureMarkup: String
        var receivers: [String]
        var rows: [Row]
        var breaks: [String]
    }

    struct Transitions: Sendable {
        struct Row: Sendable {
            var anchor: String
            var numberMarkup: String
            var time: String
            var cause: String
            var isGrave: Bool
            var from: String
            var to: String
            var outage: String
            var bound: String
            var announced: String
            var summaryMarkup: String
            var whyMarkup: String
            var evidence: [Evidence]
        }

        var anchor: String
        var titleMarkup: String
        var label: String
        var rows: [Row]
        var folded: Folded?

        struct Folded: Sendable {
            var title: String
            var rows: [Row]
        }
    }

    struct Finding: Sendable {
        var anchor: String
        var id: String
        var severity: String
        var symbol: String
        var placeMarkup: String
        var summaryMarkup: String
        var extent: String
        var whyMarkup: String
        var remedyMarkup: String
        /// The enlarged pictures of what it is about.
        var pictures: [Link]
        var hasPictures: Bool
        var evidence: [Evidence]
    }

    /// Findings of one kind beyond the first few.
    struct MoreFindings: Sendable {
        var title: String
        var findings: [Finding]
        var more: String?
    }

    struct Jitter: Sendable {
        struct Row: Sendable {
            var placeMarkup: String
            var router: String
            var samples: String
            var spans: [String]
            var late: String
            var missed: String
            var margin: String
            var isNear: Bool
            var filterMarkup: String
            var evidence: [Evidence]
        }

        struct Chart: Sendable {
            var titleMarkup: String
            var label: String
            var cumulativeMarkup: String
            var histogramMarkup: String
        }

        var rows: [Row]
        var more: String?
        var charts: [Chart]
        var moreCharts: String?
    }

    struct Comparison: Sendable {
        struct Row: Sendable {
            var name: String
            var cells: [Cell]
            /// Whether routers differ in what they should agree on.
            var differs: Bool
        }

        struct Cell: Sendable {
            var textMarkup: String
        }

        struct Head: Sendable {
            var router: String
            var evidence: [Evidence]
            var filterMarkup: String
        }

        var titleMarkup: String
        var label: String
        var heads: [Head]
        var rows: [Row]
        var note: String?
    }

    struct Capture: Sendable {
        var anchor: String
        var nameMarkup: String
        var form: String
        var size: String
        var hashMarkup: String
        var span: String
        var packets: String
        var counts: String
        var drops: String
        var problems: [Problem]
    }

    struct Problem: Sendable {
        var kind: String
        var textMarkup: String
    }

    var language = "en"
    var titleMarkup: String
    var span: String
    var zone: String
    var scopeMarkup: [String]
    var summary: String
    var verdictClass: String
    var verdictLabel: String
    var effectMarkup: String
    var causeMarkup: String
    var verdictLinks: [Link]
    var incidents: [Happened]
    var incidentsNote: String?
    var impacts: [Impacts]
    var timelines: [Timeline]
    var timelinesNote: String?
    var overview: Overview
    var paths: [Paths]
    var points: [Problem]
    var transitions: [Transitions]
    var transitionsNote: String?
    var findings: [Finding]
    var moreFindings: [MoreFindings]
    var jitter: Jitter
    var comparisons: [Comparison]
    var comparisonsNote: String?
    var captures: [Capture]
    var blindSpots: [Problem]
    var capturesNote: String?
    var version: String
    var commandMarkup: String

    var hasIncidents: Bool
    var hasOverview: Bool
    var hasPaths: Bool
    var hasTransitions: Bool
    var hasFindings: Bool
    var hasJitter: Bool
    var hasComparisons: Bool
    var hasVirtualRouters: Bool
    var hasBlindSpots: Bool

    init(_ document: ReportDocument, _ options: IncidentReport.Options, _ form: PageForm) {
        let maker = IncidentPageMaker(document, options, form)
        titleMarkup = form.plain(options.title ?? "VRRP incident report")
        span = maker.span
        zone = options.zone.escapedForTerminal
        scopeMarkup = options.scope.map(form.plain)
        summary = document.summaryLine
        let verdict = Verdict(document, maker.impacts, options.time)
        verdictClass = document.gravest?.rawValue ?? "good"
        verdictLabel = document.gravest.map { "Worst: \($0.rawValue)" } ?? "Nothing found"
        effectMarkup = form.prose(verdict.effect)
        causeMarkup = form.prose(verdict.cause)
        verdictLinks = maker.links(verdict)
        (incidents, incidentsNote) = maker.incidents
        impacts = maker.impactGroups
        timelines = maker.timelines
        timelinesNote = maker.timelinesNote
        overview = maker.overview
        paths = maker.paths
        points = maker.points
        transitions = maker.transitions
        transitionsNote = maker.transitionsNote
        (findings, moreFindings) = maker.findings
        jitter = maker.jitter
        comparisons = maker.comparisons
        comparisonsNote = maker.comparisonsNote
        captures = maker.captures
        blindSpots = maker.blindSpots
        capturesNote = maker.capturesNote
        version = document.version
        commandMarkup = form == .html ? form.code(options.command) : options.command.escapedForTerminal
        hasIncidents = !incidents.isEmpty
        hasOverview = !overview.groups.isEmpty
        hasPaths = !paths.isEmpty
        hasTransitions = !transitions.isEmpty
        hasFindings = !findings.isEmpty
        hasJitter = !jitter.rows.isEmpty
        hasComparisons = !comparisons.isEmpty
        hasVirtualRouters = !document.virtualRouters.isEmpty
        hasBlindSpots = !blindSpots.isEmpty
    }
}

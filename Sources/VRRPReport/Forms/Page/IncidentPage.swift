internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// The contents of a page, in its order.
///
/// Markup is ready for the form; strings are words of this program, numbers, addresses and names, which the writers of the
/// forms escape.
struct IncidentPage<Form: PageForm>: Sendable {
    struct Link: Sendable {
        var anchor: String
        var label: String
    }

    /// An incident, or several alike.
    struct Happened: Sendable {
        /// The enlarged picture.
        struct Picture: Sendable {
            var label: String
            var title: Markup<Form>
            var markup: Markup<HTML>
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
        var summary: Markup<Form>
        var story: Markup<Form>
        var findings: [Link]
        var picture: Picture?
    }

    /// All virtual routers on one time axis.
    struct Overview: Sendable {
        struct Group: Sendable {
            var picture: Markup<HTML>
            /// The rows of the members, where there are several.
            var members: [Markup<HTML>]
        }

        var head: Markup<HTML> = ""
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
            var name: Markup<Form>
            var addresses: Markup<Form>
            var without: String
            var several: String
            var failovers: String
            var outage: Markup<Form>
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
        var title: Markup<Form>
        var label: String
        var picture: Markup<HTML>
        var note: String?
    }

    /// A statement of a router's log.
    struct Saying: Sendable {
        var time: String
        var router: Markup<Form>
        var place: Markup<Form>
        var kind: String
        var text: String
    }

    /// The ways of advertisements between the routers of one virtual router.
    struct Paths: Sendable {
        struct Row: Sendable {
            var sender: String
            var cells: [String]
        }

        var anchor: String
        var title: Markup<Form>
        var label: String
        var picture: Markup<HTML>
        var receivers: [String]
        var rows: [Row]
        var breaks: [String]
    }

    struct Transitions: Sendable {
        struct Row: Sendable {
            var anchor: String
            var number: Markup<Form>
            var time: String
            var cause: String
            var isGrave: Bool
            var outage: String
            var bound: String
            var announced: String
            var summary: Markup<Form>
            var why: Markup<Form>
            var evidence: [Evidence<Form>]
        }

        var anchor: String
        var title: Markup<Form>
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
        var place: Markup<Form>
        var summary: Markup<Form>
        var extent: String
        var why: Markup<Form>
        var remedy: Markup<Form>
        /// The enlarged pictures of what it is about.
        var pictures: [Link]
        var evidence: [Evidence<Form>]
    }

    /// Findings of one kind beyond the first few.
    struct MoreFindings: Sendable {
        var title: String
        var findings: [Finding]
        var more: String?
    }

    struct Jitter: Sendable {
        struct Row: Sendable {
            var place: Markup<Form>
            var router: String
            var samples: String
            var spans: [String]
            var late: String
            var missed: String
            var margin: String
            var isNear: Bool
            var filter: Markup<Form>
            var evidence: [Evidence<Form>]
        }

        struct Chart: Sendable {
            var title: Markup<Form>
            var label: String
            var cumulative: Markup<HTML>
            var histogram: Markup<HTML>
        }

        var rows: [Row]
        var more: String?
        var charts: [Chart]
        var moreCharts: String?
    }

    struct Comparison: Sendable {
        struct Row: Sendable {
            var name: String
            var cells: [Markup<Form>]
            /// Whether routers differ in what they should agree on.
            var differs: Bool
        }

        struct Head: Sendable {
            var router: String
            var evidence: [Evidence<Form>]
            var filter: Markup<Form>
        }

        var title: Markup<Form>
        var label: String
        var heads: [Head]
        var rows: [Row]
        var note: String?
    }

    struct Capture: Sendable {
        var anchor: String
        var name: Markup<Form>
        var form: String
        var size: String
        var hash: Markup<Form>
        var span: String
        var packets: String
        var counts: String
        var drops: String
        var problems: [Problem]
    }

    struct Problem: Sendable {
        var kind: String
        var text: Markup<Form>
    }

    var title: Markup<Form>
    var span: String
    var zone: String
    var scope: [String]
    var summary: String
    var verdictClass: String
    var verdictLabel: String
    var effect: Markup<Form>
    var cause: Markup<Form>
    var checks: [Markup<Form>]
    var verdictLinks: [Link]
    var incidents: [Happened]
    var incidentsNote: String?
    var impacts: [Impacts]
    var timelines: [Timeline]
    var timelinesNote: String?
    var overview: Overview
    var paths: [Paths]
    var points: [Problem]
    var logs: [Problem]
    var sayings: [Saying]
    var sayingsNote: String?
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
    var command: Markup<Form>

    var hasVirtualRouters: Bool

    init(_ document: ReportDocument, _ options: IncidentReport.Options) {
        let maker = IncidentPageMaker<Form>(document, options)
        title = Form.plain(options.title ?? "VRRP incident report")
        span = maker.span
        zone = options.zone
        scope = options.scope
        summary = document.summaryLine
        let verdict = Verdict(document, maker.impacts, options.time)
        let isJudged = document.nothingToJudge == nil
        verdictClass = document.gravest?.rawValue ?? (isJudged ? "good" : "notice")
        verdictLabel =
            document.gravest.map { "Worst: \($0.rawValue)" } ?? (isJudged ? "Nothing found" : "Too little to judge")
        effect = Form.prose(verdict.effect)
        cause = Form.prose(verdict.cause)
        checks = verdict.checks.map(Form.prose)
        verdictLinks = maker.links(verdict)
        (incidents, incidentsNote) = maker.incidents
        impacts = maker.impactGroups
        timelines = maker.timelines
        timelinesNote = maker.timelinesNote
        overview = maker.overview
        paths = maker.paths
        points = maker.points
        logs = maker.logs
        (sayings, sayingsNote) = maker.sayings
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
        command = Form.command(options.command)
        hasVirtualRouters = !document.virtualRouters.isEmpty
    }
}

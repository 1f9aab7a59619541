internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// Makes the page of a document, as the writers of HTML and Markdown take it.
///
/// The page leaves out rows that nobody would read, and says so. Each of its sections is an extension in `Sections`.
struct IncidentPageMaker<Form: PageForm> {
    typealias Page = IncidentPage<Form>

    let document: ReportDocument
    let options: IncidentReport.Options
    let impacts: [Impact]
    let limits: PageLimits
    let ranked: [Impact]
    /// The virtual routers shown in detail, by position, in the order of the document.
    let detailed: [Int]
    let anchors: Anchors
    /// The positions of the virtual routers by their ids.
    let positions: [String: Int]
    let digest: IncidentDigest
    /// The anchors of the incidents' rows, by their numbers; an incident without a row has none.
    let incidentAnchors: [Int: String]
    /// The numbers of the incidents that each finding belongs to.
    let incidentsByFinding: [Int: [Int]]
    /// The anchors of the changes of the virtual routers in detail.
    private let transitionAnchors: [Int: [String]]
    /// The row of the incident that a change belongs to, by virtual router and position.
    private let incidentOfChange: [String: [Int: Int]]

    init(_ document: ReportDocument, _ options: IncidentReport.Options) {
        self.document = document
        self.options = options
        limits = Form.hasPictures ? PageLimits() : .markdown
        impacts = document.impacts
        ranked = impacts.ranked
        detailed = ranked.prefix(limits.detailed).map(\.position).sorted()
        anchors = Anchors(document)
        positions = Dictionary(document.virtualRouters.enumerated().map { ($1.id, $0) }) { first, _ in first }
        digest = IncidentDigest(document.incidents, atMost: limits.incidents)
        incidentAnchors = Self.rowAnchors(digest, anchors)
        var incidentsByFinding: [Int: [Int]] = [:]
        var incidentOfChange: [String: [Int: Int]] = [:]
        for incident in document.incidents {
            for finding in incident.findings { incidentsByFinding[finding, default: []].append(incident.id) }
            for change in incident.transitions {
                incidentOfChange[change.virtualRouter, default: [:]][change.index] = incident.id
            }
        }
        self.incidentsByFinding = incidentsByFinding
        self.incidentOfChange = incidentOfChange
        let anchors = anchors
        transitionAnchors = Dictionary(
            uniqueKeysWithValues: detailed.map { ($0, anchors.transitions($0, document.virtualRouters[$0])) }
        )
    }

    var time: TimeStyle { options.time }

    var span: String {
        guard let start = document.start, let end = document.end else { return "nothing was observed" }
        return "\(time.text(start)) to \(time.text(end)), \((end - start).words(.table))"
    }

    func title(_ virtualRouter: ReportDocument.VirtualRouter) -> Markup<Form> { Form.plain(label(virtualRouter)) }

    /// The name by which the page calls a virtual router: `10.51.0.100 (VRID 51)`.
    func label(_ virtualRouter: ReportDocument.VirtualRouter) -> String { document.name(of: virtualRouter).title }

    func transitionAnchor(_ virtualRouter: Int, _ transition: Int) -> String {
        transitionAnchors[virtualRouter]?[transition] ?? "changes"
    }

    /// The row of the incident that a change belongs to; `nil` for none.
    func incidentAnchor(_ virtualRouter: ReportDocument.VirtualRouter, _ transition: Int) -> String? {
        incidentOfChange[virtualRouter.id]?[transition].flatMap { incidentAnchors[$0] }
    }

    /// The anchors of transitions that have a row.
    func anchors(of position: Int) -> Set<Int> {
        guard detailed.contains(position) else { return [] }
        let (open, folded) = split(document.virtualRouters[position].transitions)
        return Set((open + folded).map(\.offset))
    }

    func links(_ verdict: Verdict) -> [Page.Link] {
        var links: [Page.Link] = []
        if let finding = verdict.finding {
            links.append(Page.Link(anchor: anchors.findings[finding], label: "the finding with its evidence"))
        }
        if let position = verdict.virtualRouter, detailed.contains(position) {
            links.append(Page.Link(anchor: anchors.timeline(position), label: "when it happened"))
            links.append(Page.Link(anchor: anchors.changes(position), label: "every change of master"))
        }
        return links
    }
}

internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// The anchors of a page: the same thing has the same anchor in every report that tells of it.
///
/// They are made of what a thing is and when it began, in UTC, and never of its place on the page.
struct Anchors: Sendable {
    /// The names of virtual routers in anchors, in the order of the document.
    let virtualRouters: [String]
    /// The anchors of the findings, in the order of the document.
    let findings: [String]
    /// The anchors of the incidents, by their numbers.
    let incidents: [Int: String]

    init(_ document: ReportDocument) {
        var taken: Set<String> = []
        func unique(_ name: String) -> String {
            var name = name
            if !taken.insert(name).inserted {
                let base = name
                var number = 2
                while !taken.insert("\(base)-\(number)").inserted { number += 1 }
                name = "\(base)-\(number)"
            }
            return name
        }
        virtualRouters = document.virtualRouters.map { unique(Self.slug($0.id)) }
        findings = document.findings.map { finding in
            let place = finding.virtualRouter.map { "-" + Self.slug($0) } ?? ""
            return unique("finding-\(finding.id)\(place)-\(Self.stamp(finding.start))")
        }
        var incidents: [Int: String] = [:]
        for incident in document.incidents {
            let router = incident.routers.first.map { "-" + Self.slug($0.description) } ?? ""
            incidents[incident.id] = unique("incident-\(incident.kind.rawValue)\(router)-\(Self.stamp(incident.start))")
        }
        self.incidents = incidents
    }

    func timeline(_ position: Int) -> String { "timeline-" + virtualRouters[position] }

    func changes(_ position: Int) -> String { "changes-" + virtualRouters[position] }

    /// The anchors of all changes of one virtual router.
    func transitions(_ position: Int, _ virtualRouter: ReportDocument.VirtualRouter) -> [String] {
        var seen: [String: Int] = [:]
        return virtualRouter.transitions.map { transition in
            let name = "change-\(virtualRouters[position])-\(Self.stamp(transition.instant))"
            let count = seen[name, default: 0] + 1
            seen[name] = count
            return count == 1 ? name : "\(name)-\(count)"
        }
    }

    /// An instant in UTC, as in `20261122T110606.224Z`.
    static func stamp(_ instant: CaptureInstant) -> String {
        TimeStyle.utc.text(instant).filter { $0 != "-" && $0 != ":" }
    }

    /// A name of letters, digits, dots and hyphens; where other characters had to go, a hash tells such names apart.
    static func slug(_ text: String) -> String {
        var slug = ""
        var isPlain = true
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e: slug.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x2f, 0x3a: slug += "-"
            default:
                isPlain = false
                if !slug.hasSuffix("_") { slug += "_" }
            }
        }
        guard !isPlain else { return slug }
        // FNV-1a, 32 bits: a name needs no more.
        let hash = text.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return "\(slug)-\(hexadecimal(UInt64(hash), digits: 8))"
    }
}

package import VRRPFacts
package import VRRPFindings
package import VRRPTracker
internal import VRRPIncidents
internal import VRRPWire

// The members and their order are those that users and scripts rely on: they only grow.

extension ReportDocument {
    package var json: JSONValue {
        let origins = origins
        return .object(
            members.map { member in
                switch member.key {
                case "captures": (member.key, .array(captures.map(\.json)))
                case "virtualRouters": (member.key, .array(virtualRouters.map { $0.json(origins) }))
                case "findings": (member.key, .array(findings.map { $0.json(origins) }))
                case "incidents": (member.key, .array(incidents.map(\.json)))
                case "paths": (member.key, .array(paths.map(\.json)))
                default: member
                }
            }
        )
    }

    /// The origins of the frames of all captures.
    private var origins: EvidenceOrigins { EvidenceOrigins(captures.map(\.description.origins)) }

    /// The members in their order, the large ones empty.
    private var members: [(key: String, value: JSONValue)] {
        let origins = origins
        return [
            ("schema", .string("vrrpwatch.report/1")),
            ("generator", .object([("name", .string("vrrpwatch")), ("version", .string(version))])),
            ("captures", .array([])),
            ("virtualRouters", .array([])),
            ("findings", .array([])),
            ("summary", summaryJSON),
            ("otherProtocols", .array(otherProtocols.map { $0.json(origins) })),
            ("incidents", .array([])),
            ("vantagePoints", .array(vantagePoints.map(\.json))),
            ("paths", .array([])),
            ("testimony", testimony.json),
            ("nothingToJudge", nothingToJudge?.json ?? .null),
        ]
    }

    /// Writes the text of ``json``, indented, one virtual router or finding at a time: what a large observation says need
    /// not stand in memory as a whole.
    package func writeJSON(_ emit: ([UInt8]) throws -> Void) rethrows {
        try writeHead(emit)
        let origins = origins
        for (index, virtualRouter) in virtualRouters.enumerated() {
            try Self.write(virtualRouter.json(origins), at: index, emit)
        }
        try writeTail(behind: virtualRouters.count, emit)
    }

    /// Draws up the report of an observation and writes the text of its ``json``, each virtual router when it is drawn up.
    ///
    /// - Parameters:
    ///   - observation: the facts that were learnt from the packets.
    ///   - captures: the sources of the packets, in the order of their indices.
    ///   - expectation: the expectations that the routers' configurations give.
    ///   - logs: what the routers said of themselves.
    ///   - version: the version of this program.
    ///   - emit: takes the text, part by part.
    /// - Returns: the report with the few virtual routers that its sentences name.
    package static func writeJSON(
        of observation: consuming Observation,
        captures: [CaptureDescription],
        expecting expectation: Expectation,
        hearing logs: [GivenLog],
        version: String,
        _ emit: ([UInt8]) throws -> Void
    ) rethrows -> ReportDocument {
        let observation = observation
        let names = ReportNames(observation, captures: captures)
        var document = ReportDocument(about: observation, captures: captures, names, version: version)
        try document.writeHead(emit)
        let origins = document.origins
        var (named, others) = ([VirtualRouter](), Others())
        try document.drawUp(consume observation, expecting: expectation, hearing: logs, names) { virtualRouter in
            try write(virtualRouter.json(origins), at: named.count + others.count, emit)
            if named.count < mostNamed { named.append(virtualRouter) } else { others.add(virtualRouter) }
        }
        (document.virtualRouters, document.otherVirtualRouters) = (named, others)
        try document.writeTail(behind: document.virtualRouterCount, emit)
        return document
    }

    /// Writes everything in front of the first virtual router.
    private func writeHead(_ emit: ([UInt8]) throws -> Void) rethrows {
        for (index, member) in members.enumerated() {
            try emit(Array(((index == 0 ? "{\n  \"" : ",\n  \"") + member.key + "\": ").utf8))
            if member.key == "virtualRouters" { return try emit([UInt8(ascii: "[")]) }
            try write(member, emit)
        }
    }

    /// Writes everything behind the last of so many virtual routers.
    private func writeTail(behind count: Int, _ emit: ([UInt8]) throws -> Void) rethrows {
        try emit(Array((count == 0 ? "]" : "\n  ]").utf8))
        for member in members.drop(while: { $0.key != "virtualRouters" }).dropFirst() {
            try emit(Array((",\n  \"" + member.key + "\": ").utf8))
            try write(member, emit)
        }
        try emit(Array("\n}\n".utf8))
    }

    private func write(
        _ member: (key: String, value: JSONValue),
        _ emit: ([UInt8]) throws -> Void
    ) rethrows {
        func elements<Element>(_ elements: [Element], _ json: (Element) -> JSONValue) throws {
            try emit([UInt8(ascii: "[")])
            for (index, element) in elements.enumerated() { try Self.write(json(element), at: index, emit) }
            try emit(Array((elements.isEmpty ? "]" : "\n  ]").utf8))
        }
        switch member.key {
        case "captures": try elements(captures, \.json)
        case "findings":
            let origins = origins
            try elements(findings) { $0.json(origins) }
        case "incidents": try elements(incidents, \.json)
        case "paths": try elements(paths, \.json)
        default:
            var text = JSONWriter()
            text.write(member.value, depth: 1)
            try emit(text.bytes)
        }
    }

    /// Writes an element of a member, by its position there.
    private static func write(_ value: JSONValue, at index: Int, _ emit: ([UInt8]) throws -> Void) rethrows {
        var text = JSONWriter()
        text.write(plain: index == 0 ? "\n    " : ",\n    ")
        text.write(value, depth: 2)
        try emit(text.bytes)
    }

    /// The findings counted by severity.
    package var summaryJSON: JSONValue {
        .object([
            ("critical", JSONValue(count(of: .critical))),
            ("warning", JSONValue(count(of: .warning))),
            ("notice", JSONValue(count(of: .notice))),
            ("worst", JSONValue(worst?.rawValue)),
        ])
    }
}

extension ReportDocument.Capture {
    package var json: JSONValue {
        .object([
            ("index", JSONValue(index)),
            ("source", .string(description.source)),
            ("format", .string(description.format.rawValue)),
            ("compression", JSONValue(description.compression?.rawValue)),
            ("linkTypes", .array(description.linkTypes.map { .string($0.name) })),
            ("bytes", JSONValue(description.bytes)),
            ("packets", JSONValue(description.packets)),
            ("firstPacket", JSONValue(description.firstPacket)),
            ("lastPacket", JSONValue(description.lastPacket)),
            ("adverts", JSONValue(counts?.adverts ?? 0)),
            ("arp", JSONValue(counts?.arp ?? 0)),
            ("neighborAdvertisements", JSONValue(counts?.neighborAdvertisements ?? 0)),
            ("carp", JSONValue(counts?.carp ?? 0)),
            ("malformed", JSONValue(counts?.malformed ?? 0)),
            ("dropped", JSONValue(description.dropped)),
            ("problems", .array(description.listedProblems.map(\.json))),
        ])
    }
}

extension CaptureProblem {
    var json: JSONValue {
        .object([
            ("kind", .string(kind.rawValue)), ("offset", JSONValue(offset)), ("frame", JSONValue(frame)),
            ("message", .string(message)),
        ])
    }
}

extension ReportDocument.Segment {
    var json: JSONValue {
        .object([
            ("name", .string(name)), ("interface", JSONValue(interface)),
            ("vlans", .array(vlans.map { JSONValue($0) })), ("tunnel", JSONValue(tunnel)),
        ])
    }
}

extension ReportDocument.OtherProtocol {
    func json(_ origins: EvidenceOrigins) -> JSONValue {
        .object([
            ("protocol", .string(name)),
            ("segment", segment.json),
            ("group", JSONValue(group)),
            ("sources", JSONValue(sources)),
            ("start", JSONValue(start)),
            ("end", JSONValue(end)),
            ("count", JSONValue(count)),
            ("evidence", origins.json(of: evidence)),
        ])
    }
}

extension ReportDocument.VirtualRouter {
    func json(_ origins: EvidenceOrigins) -> JSONValue {
        .object([
            ("id", .string(id)),
            ("segment", segment.json),
            ("family", .string(family.rawValue)),
            ("vrid", JSONValue(vrid)),
            ("versions", .array(versions.map { JSONValue($0) })),
            ("addresses", JSONValue(addresses)),
            ("virtualMAC", JSONValue(virtualMAC)),
            ("routers", .array(routers.map { $0.json(origins) })),
            ("timeline", .array(timeline.map(\.json))),
            ("transitions", .array(transitions.map { $0.json(origins) })),
            ("clockSkewMs", JSONValue(clockSkew)),
        ])
    }
}

extension ReportDocument.Router {
    package func json(_ origins: EvidenceOrigins = .none) -> JSONValue {
        .object([
            ("address", .string(address.description)),
            ("macs", .array(macs.map { JSONValue($0) })),
            ("adverts", JSONValue(adverts)),
            ("firstSeen", JSONValue(firstSeen)),
            ("lastSeen", JSONValue(lastSeen)),
            ("versions", .array(versions.map { JSONValue($0) })),
            (
                "priorities",
                .array(priorities.map { .object([("value", JSONValue($0.value)), ("since", JSONValue($0.since))]) })
            ),
            ("advertIntervalMs", JSONValue(advertInterval)),
            ("addresses", JSONValue(addresses)),
            ("authentication", authenticationJSON),
            ("checksum", .string(checksum)),
            ("delivery", JSONValue(delivery?.rawValue)),
            ("masterMs", JSONValue(masterTime)),
            ("jitter", jitter.json),
            (
                "observers",
                .array(
                    observers.map { observer in
                        .object([("capture", JSONValue(observer.capture)), ("adverts", JSONValue(observer.adverts))])
                    }
                )
            ),
            ("name", JSONValue(name)),
            ("prioritiesLeftOut", JSONValue(prioritiesLeftOut)),
            ("changes", .array(changes.map { $0.json(of: label, origins) })),
            ("changesLeftOut", JSONValue(changesLeftOut)),
        ])
    }

    private var authenticationJSON: JSONValue {
        .object(
            authentication.members + [
                ("spi", JSONValue(authentication.spi)),
                ("spiIsSource", authentication.spiIsSource.map(JSONValue.boolean) ?? .null),
                ("clocks", .array(clocks.map(\.json))),
            ]
        )
    }
}

extension ReportDocument.SettingChange {
    func json(of router: String, _ origins: EvidenceOrigins) -> JSONValue {
        .object([
            ("time", JSONValue(instant)),
            ("setting", .string(setting.rawValue)),
            ("from", .string(from)),
            ("to", .string(to)),
            ("summary", .string("\(router) \(predicate)")),
            ("evidence", origins.json(of: [evidence])),
        ])
    }
}

extension ReportDocument.Jitter {
    var json: JSONValue {
        .object([
            ("samples", JSONValue(samples)),
            ("meanMs", JSONValue(distribution?.mean)),
            ("stddevMs", JSONValue(distribution?.standardDeviation)),
            ("p50Ms", JSONValue(distribution?.p50)),
            ("p95Ms", JSONValue(distribution?.p95)),
            ("p99Ms", JSONValue(distribution?.p99)),
            ("maxMs", JSONValue(distribution?.maximum)),
            ("lateAdverts", JSONValue(lateAdverts)),
            ("missedAdverts", JSONValue(missedAdverts)),
            ("closestFailoverMarginMs", JSONValue(distribution?.closestFailoverMargin)),
        ])
    }
}

extension ReportDocument.Stretch {
    var json: JSONValue {
        .object([
            ("start", JSONValue(start)), ("end", JSONValue(end)), ("state", .string(state.rawValue)),
            ("basis", .string(basis.rawValue)), ("masters", JSONValue(masters)),
        ])
    }
}

extension ReportDocument.Transition {
    package func json(_ origins: EvidenceOrigins = .none) -> JSONValue {
        .object([
            ("time", JSONValue(instant)),
            ("earliest", JSONValue(earliest)),
            ("latest", JSONValue(latest)),
            ("from", JSONValue(from)),
            ("to", JSONValue(to)),
            ("cause", .string(cause.rawValue)),
            ("outageMs", JSONValue(outage)),
            ("boundMs", JSONValue(bound)),
            ("announced", announced?.json ?? .null),
            ("summary", .string(summary)),
            ("evidence", origins.json(of: evidence)),
        ])
    }
}

extension ReportDocument.Announced {
    var json: JSONValue {
        .object([
            ("addresses", JSONValue(addresses)), ("of", JSONValue(of)), ("firstAfterMs", JSONValue(firstAfter)),
            ("frames", JSONValue(frames)),
        ])
    }
}

extension ReportDocument.Finding {
    package func json(_ origins: EvidenceOrigins = .none) -> JSONValue {
        .object([
            ("id", .string(id)),
            ("severity", .string(self.severity.rawValue)),
            ("virtualRouter", JSONValue(virtualRouter)),
            ("routers", JSONValue(self.routers)),
            ("start", JSONValue(self.start)),
            ("end", JSONValue(self.end)),
            ("ongoing", .boolean(self.ongoing)),
            ("count", JSONValue(self.count)),
            ("summary", .string(self.summary)),
            ("explanation", .string(self.explanation)),
            ("remedy", .string(self.remedy)),
            ("evidence", origins.json(of: self.evidence)),
        ])
    }
}

extension ReportDocument.Incident {
    package var json: JSONValue {
        .object([
            ("id", JSONValue(id)),
            ("kind", .string(self.kind.rawValue)),
            ("severity", .string(self.severity?.rawValue ?? "info")),
            ("start", JSONValue(self.start)),
            ("end", JSONValue(self.end)),
            ("ongoing", .boolean(self.isOngoing)),
            ("routers", JSONValue(self.routers)),
            ("virtualRouters", .array(virtualRouters.map { .string($0) })),
            ("moved", JSONValue(self.moved)),
            ("worstOutageMs", JSONValue(self.worstOutage)),
            ("addresses", JSONValue(self.addresses)),
            (
                "transitions",
                .array(
                    transitions.map {
                        .object([("virtualRouter", .string($0.virtualRouter)), ("index", JSONValue($0.index))])
                    }
                )
            ),
            ("findings", .array(findings.map { JSONValue($0) })),
            ("summary", .string(self.summary)),
            ("story", .string(story(.utc))),
        ])
    }
}

extension NothingToJudge {
    fileprivate var json: JSONValue {
        .object([
            ("reason", .string(reason.rawValue)),
            ("summary", .string(sentence())),
            ("seen", .string(seen)),
            ("checks", .array(checks.map { .string($0) })),
        ])
    }
}

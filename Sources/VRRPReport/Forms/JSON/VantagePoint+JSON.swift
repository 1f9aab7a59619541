internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension VantagePoint {
    /// A number with three digits behind the point: a thousandth of a millionth is more than any clock keeps.
    private static func decimal(_ number: Double) -> JSONValue {
        // Lengths of time are written as decimal numbers of milliseconds.
        .milliseconds(TimeSpan(nanoseconds: Int64((number * 1e3).rounded()) * 1000))
    }

    var json: JSONValue {
        .object([
            ("captures", .array(captures.map { JSONValue($0) })),
            ("name", JSONValue(name)),
            ("at", JSONValue(at?.description)),
            ("how", JSONValue(how?.rawValue)),
            ("clockOffsetMs", JSONValue(clockOffset)),
            ("clockOffsetErrorMs", JSONValue(clockOffsetError)),
            ("clockDriftPpm", clockDrift.map(Self.decimal) ?? .null),
        ])
    }
}

extension ReportDocument.Path {
    var json: JSONValue {
        .object([
            ("virtualRouter", .string(virtualRouter)),
            ("from", .string(from.description)),
            ("to", .string(to.description)),
            ("start", JSONValue(start)),
            ("end", JSONValue(end)),
            ("sent", JSONValue(sent)),
            (
                "points",
                .array(points.map { .object([("point", JSONValue($0.point)), ("seen", JSONValue($0.seen))]) })
            ),
            ("verdict", .string(verdict.rawValue)),
            ("loss", loss?.json ?? .null),
            ("delay", delay?.json ?? .null),
        ])
    }
}

extension ReportDocument.Path.Loss {
    fileprivate var json: JSONValue {
        .object([
            ("lost", JSONValue(lost)),
            ("sent", JSONValue(sent)),
            ("runs", JSONValue(runs)),
            ("longestRun", JSONValue(longestRun)),
            ("pattern", .string(pattern.rawValue)),
        ])
    }
}

extension ReportDocument.Path.Delay {
    fileprivate var json: JSONValue {
        .object([
            ("samples", JSONValue(samples)),
            ("p50Ms", JSONValue(p50)),
            ("p95Ms", JSONValue(p95)),
            ("maxMs", JSONValue(maximum)),
            ("errorMs", JSONValue(error)),
        ])
    }
}

internal import VRRPFacts
internal import VRRPWire

extension ReportDocument.Testimony {
    var json: JSONValue {
        .object([("logs", .array(logs.map(\.json))), ("statements", .array(statements.map(\.json)))])
    }
}

extension ReportDocument.Log {
    fileprivate var json: JSONValue {
        .object([
            ("source", .string(source)),
            ("name", JSONValue(name)),
            ("form", .string(form)),
            ("at", JSONValue(at?.description)),
            ("how", JSONValue(how)),
            ("clockOffsetMs", JSONValue(clockOffset)),
            ("clockOffsetErrorMs", JSONValue(clockOffsetError)),
            ("zoneMs", JSONValue(zone)),
            ("clock", JSONValue(clock)),
            ("matches", JSONValue(matches)),
            ("lines", JSONValue(lines)),
            ("statements", JSONValue(statements)),
            ("problems", .array(problems.map { .string($0) })),
        ])
    }
}

extension ReportDocument.Saying {
    fileprivate var json: JSONValue {
        .object([
            ("log", JSONValue(log)),
            ("router", .string(router)),
            ("line", JSONValue(line)),
            ("time", JSONValue(instant)),
            ("virtualRouter", JSONValue(virtualRouter)),
            ("instance", JSONValue(instance)),
            ("kind", .string(kind)),
            ("text", .string(text)),
        ])
    }
}

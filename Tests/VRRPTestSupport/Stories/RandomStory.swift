/// A made-up story of a few routers of one virtual router, which speak, fall silent, resign and come back.
///
/// It follows from its seed. The routers keep no protocol: anything may be on a wire.
package struct RandomStory {
    /// The second at which every story ends.
    package static let end = 45

    private let declarations: [String]
    private let events: [String]

    package init(seed: Int, vrid: UInt8 = 51) {
        var generator = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        var declarations: [String] = []
        var events: [String] = []
        // Mostly like-minded routers, and some that reject each other.
        let version = Bool.random(using: &generator) ? "v2" : "v3"
        let isMismatched = Int.random(in: 0..<3, using: &generator) == 0
        for number in 1...Int.random(in: 2...4, using: &generator) {
            let name = "R\(vrid)x\(number)"
            let priority = [90, 100, 100, 150, 255].randomElement(using: &generator) ?? 100
            var options = "vrid \(vrid) \(version) priority \(priority)"
            let interval = isMismatched ? Int.random(in: 1...2, using: &generator) : 1
            options += " interval \(interval)"
            if version == "v2", isMismatched {
                options += ["", " pass one", " pass two", " ah three"].randomElement(using: &generator) ?? ""
            }
            declarations.append("router \(name) 10.0.0.\(number) \(options) addresses 10.0.\(vrid).100")
            events += Self.life(of: name, interval: interval, &generator)
        }
        self.declarations = declarations
        self.events = events
    }

    /// The scenario, with queries for everything about virtual routers.
    package var text: String { text(ending: true) }

    /// The scenario, whose frames several captures see.
    package func text(captures: String) -> String { text(ending: true, " capture \(captures)") }

    /// The scenario without its end, or with it and with queries.
    package func text(ending: Bool) -> String { text(ending: ending, "") }

    private func text(ending: Bool, _ options: String) -> String {
        let end = ending ? ["\(Self.end) end", "timeline", "transitions", "routers", "jitter"] : []
        return (declarations.map { $0 + options } + events + end).joined(separator: "\n") + "\n"
    }

    /// Runs of advertisements with silence between them, some of them ended by a resignation.
    private static func life(of name: String, interval: Int, _ generator: inout SplitMix64) -> [String] {
        var events: [String] = []
        var now = Int.random(in: 0...9000, using: &generator)
        while true {
            let count = Int.random(in: 1...15, using: &generator)
            let end = min(now + count * interval * 1000, (Self.end - 1) * 1000)
            guard now <= end else { return events }
            let priority = Int.random(in: 0..<6, using: &generator) == 0 ? " priority 50" : ""
            events.append("\(seconds(now))..\(seconds(end)) every \(interval) \(name)\(priority)")
            if Bool.random(using: &generator) { events.append("\(seconds(now)) \(name) announces") }
            now = end
            if Int.random(in: 0..<4, using: &generator) == 0 {
                now += Int.random(in: 1...900, using: &generator)
                events.append("\(seconds(now)) \(name) resigns")
            }
            // At least half an interval, so that nothing follows so closely that it may be a copy.
            now += Int.random(in: 500...9000, using: &generator)
            guard now < (Self.end - 1) * 1000 else { return events }
        }
    }

    /// Milliseconds as decimal seconds.
    private static func seconds(_ milliseconds: Int) -> String {
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}

import VRRPAuthentication
import VRRPConfiguration
package import VRRPFacts
package import VRRPFindings
internal import VRRPTestimony
package import VRRPTracker
package import VRRPWire

/// A story told in lines of text: who says what when, and what is asked of the outcome.
///
/// The lines become real frames and go the way that captured ones go: decoded, tracked, judged. The page `Scenarios.md` of the
/// executable's documentation is the manual of the language.
///
///     router A 10.0.0.1 priority 100
///     0..3 every 1 A
///     3.5 A resigns
///     9 end
///     timeline
package struct Scenario {
    /// An input to the tracker; a scenario has its inputs in order of time.
    package enum Input {
        case frame([UInt8], Sighting)
        case blindSpot(BlindSpot)
        case advance(CaptureInstant)
        case finish(CaptureInstant)
    }

    /// The instant at which a scenario's time is zero: 2026-01-01T00:00:00Z.
    package static let epoch = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    package private(set) var inputs: [Input] = []
    package private(set) var queries: [Query] = []
    private(set) var speakers: [Speaker] = []
    private var actions: [Action] = []
    private var keys: [GivenKey] = []
    /// The points, by capture: the router each is at, and from when to when it captures.
    private var points: [(router: String, from: TimeSpan?, until: TimeSpan?)] = []

    /// The labels of the keys given.
    package var givenKeys: [String] { keys.map(\.label) }
    /// The keys given; `nil` for none.
    var keyRing: KeyRing? { keys.isEmpty ? nil : KeyRing(keys) }
    /// The configurations and logs by name, with their lines.
    private var texts: [(kind: TextKind, name: String, lines: [Substring])] = []

    private enum TextKind: String {
        case config, log
    }

    /// Something that happens at a time: its speaker, as a position, and what it does.
    fileprivate struct Action {
        enum Deed {
            case advertise(Int, Words)
            /// So many senders that are like one, each from another address.
            case flood(Int, Int, Words)
            case claim([Claim])
            case blind(until: TimeSpan, BlindSpot.Reason)
            case clockBack(TimeSpan)
            case copy(Copying?)
            case refuse(Int, whose: Int, Words)
            case advance
            case end
        }

        var time: TimeSpan
        var deed: Deed
    }

    fileprivate struct Claim {
        var mac: MACAddress
        var address: IPAddress
        var isAnnouncement: Bool
        var vlans: [UInt16]
        var captures: [Int]
    }

    /// Reads a scenario.
    ///
    /// - Throws: ``ScenarioError``, which names the line.
    package init(_ text: String) throws {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("|") {
                guard !texts.isEmpty else {
                    throw ScenarioError(line: index + 1, message: "a line of no configuration and no log")
                }
                texts[texts.count - 1].lines.append(line.dropFirst())
                continue
            }
            let code = line.prefix { $0 != "#" }
            var words = Words(code, line: index + 1)
            if words.isEmpty { continue }
            try read(&words)
        }
        try play()
    }

    /// Runs a scenario and answers its queries, a line for each item.
    package static func run(_ text: String) throws -> String {
        let scenario = try Scenario(text)
        return scenario.answers(
            about: scenario.observation,
            expecting: try scenario.expectation,
            hearing: scenario.logs
        )
    }

    /// The expectation that follows from the scenario's configurations.
    package var expectation: Expectation {
        get throws {
            let texts = texts.filter { $0.kind == .config }
                .map { ("\($0.name).conf", $0.lines.joined(separator: "\n")) }
            let files = ConfigurationTexts(Dictionary(texts) { first, _ in first })
            return Expectation(try texts.map { try ConfigurationReader.read($0.0, from: files) })
        }
    }

    /// The scenario's logs, each named by the address of its router.
    package var logs: [GivenLog] {
        texts.filter { $0.kind == .log }.flatMap { log in
            let text = log.lines.map { $0.drop { $0 == " " } }.joined(separator: "\n")
            let address = speakers.first { $0.name == log.name }?.address
            return GivenLog.all(
                source: "\(log.name).log",
                name: log.name == "-" ? nil : address?.description ?? log.name,
                TestimonyReader.read(text)
            )
        }
    }

    /// The observation that a tracker makes of the inputs.
    package var observation: Observation {
        var tracker = Tracker(givenKeys: givenKeys, from: vantage)
        for input in inputs { tracker.take(input) }
        return tracker.observation
    }

    /// The points that captures are declared to be at.
    private var vantage: Vantage {
        Vantage(
            points: points.enumerated().map { capture, declared in
                var point = VantagePoint(captures: [capture])
                if let speaker = speakers.first(where: { $0.name == declared.router }) {
                    (point.at, point.how, point.hosts) = (speaker.address, .named, [speaker.address])
                }
                if let from = declared.from {
                    point.blind.append(VantagePoint.Stretch(from: .distantPast, to: Self.epoch + from))
                }
                if let until = declared.until {
                    point.blind.append(VantagePoint.Stretch(from: Self.epoch + until, to: .distantFuture))
                }
                return point
            }
        )
    }

    // MARK: Reading

    private mutating func read(_ words: inout Words) throws {
        let word = try words.next("a word")
        switch word {
        case "router", "carp", "hsrp": _ = try declare(word, &words)
        case "key":
            let key = Array(try words.next("a key").utf8)
            keys.append(GivenKey(key, label: "line \(words.line)"))
        case "point":
            let router = try words.next("a router, or - for none")
            let from = words.take("from") ? try words.seconds("time") : nil
            let until = words.take("until") ? try words.seconds("time") : nil
            points.append((router, from, until))
            try words.finish()
        case TextKind.config.rawValue, TextKind.log.rawValue:
            let kind = TextKind(rawValue: word) ?? .config
            texts.append((kind, try words.next("a name"), []))
            try words.finish()
        default:
            if let query = Query(rawValue: word) {
                queries.append(query)
                try words.finish()
            } else if word.first?.isNumber == true {
                try readEvent(time: word, &words)
            } else {
                throw words.error("'\(word)' is neither a declaration, nor a time, nor a query")
            }
        }
    }

    /// Reads a speaker's name, address and options; without a name its address is its name.
    private mutating func declare(_ word: String, _ words: inout Words) throws -> Int {
        var name = try words.next("a name")
        let address: IPAddress
        if let own = IPAddress(text: name) {
            address = own
            name = own.description
        } else {
            address = try words.address()
        }
        guard !speakers.contains(where: { $0.name == name }) else { throw words.error("there is a '\(name)' already") }
        let kinds: [String: Speaker.Kind] = ["carp": .carp, "hsrp": .hsrp]
        var speaker = Speaker(kinds[word] ?? .vrrp, name: name, address: address)
        try speaker.readOptions(&words)
        speakers.append(speaker)
        return speakers.count - 1
    }

    private mutating func readEvent(time word: String, _ words: inout Words) throws {
        var times = try Self.times(word, words)
        if let end = times.end, words.take("blind") {
            try readBlindSpot(from: times.start, to: end, &words)
            return
        }
        if let end = times.end {
            guard words.take("every") else { throw words.error("'every' is missing") }
            let step = try words.seconds("step")
            guard step > .zero else { throw words.error("a step of zero") }
            times.all = Array(sequence(first: times.start) { $0 + step <= end ? $0 + step : nil })
        }
        let deed = try readDeed(&words)
        for time in times.all { actions.append(Action(time: time, deed: deed)) }
    }

    private static func times(
        _ word: String,
        _ words: Words
    ) throws -> (start: TimeSpan, end: TimeSpan?, all: [TimeSpan]) {
        let range = word.split(separator: "..", omittingEmptySubsequences: false)
        let times = range.compactMap { TimeSpan(secondsText: $0) }
        guard times.count == range.count, let start = times.first, times.count <= 2 else {
            throw words.error("'\(word)' is no time")
        }
        guard times.count == 2, let end = times.last else { return (start, nil, [start]) }
        guard start <= end else { throw words.error("'\(word)' ends before it starts") }
        return (start, end, [])
    }

    private mutating func readBlindSpot(from start: TimeSpan, to end: TimeSpan, _ words: inout Words) throws {
        let word = try words.next("a reason")
        let reason: BlindSpot.Reason
        switch word {
        case "dropped": reason = .dropped(try words.number("number of packets"))
        case "link-down": reason = .linkDown
        case "between-files": reason = .betweenFiles
        default: throw words.error("'\(word)' makes nobody blind")
        }
        try words.finish()
        // It is known when it is over.
        actions.append(Action(time: end, deed: .blind(until: start, reason)))
    }

    private mutating func readDeed(_ words: inout Words) throws -> Action.Deed {
        let word = try words.next("who acts")
        switch word {
        case "end", "advance":
            try words.finish()
            return word == "end" ? .end : .advance
        case "copy":
            return .copy(try Copying.read(&words))
        case "clock-back", "clock-forward":
            let step = try words.seconds("step")
            try words.finish()
            return .clockBack(word == "clock-back" ? step : .zero - step)
        case "flood":
            let count = try words.number("number of senders") as Int
            guard let speaker = speakers.firstIndex(where: { words.take($0.name) }) else {
                throw words.error("the router is missing whose name the senders vary")
            }
            return .flood(count, speaker, words)
        case "carp" where words.isEmpty:
            guard let host = speakers.lastIndex(where: { $0.kind == .carp }) else { throw words.error("no CARP host") }
            return .advertise(host, words)
        case "carp": return .advertise(try declare(word, &words), words)
        case "host":
            let mac = try words.mac()
            return .claim(try readClaims(&words, of: nil, from: mac))
        default:
            guard let speaker = speakers.firstIndex(where: { $0.name == word }) else {
                throw words.error("nobody is called '\(word)'")
            }
            if words.first == "announces" || words.first == "answers" {
                return .claim(try readClaims(&words, of: speakers[speaker], from: speakers[speaker].sourceMAC))
            }
            if words.take("refuses") { return try readRefusal(&words, by: speaker) }
            // The options are read when it speaks; reading them now names the line at fault in any case.
            var trial = speakers[speaker]
            let options = words
            _ = words.take("resigns")
            try trial.readOptions(&words)
            try words.finish()
            return .advertise(speaker, options)
        }
    }

    private func readRefusal(_ words: inout Words, by host: Int) throws -> Action.Deed {
        let name = try words.next("a router")
        guard let refused = speakers.firstIndex(where: { $0.name == name }) else {
            throw words.error("nobody is called '\(name)'")
        }
        return .refuse(host, whose: refused, words)
    }

    /// An ICMP error about the latest advertisement of a router.
    private func refusal(by host: Speaker, of refused: Speaker, _ words: Words) throws -> [UInt8] {
        var words = words
        guard !refused.latestFrame.isEmpty else { throw words.error("\(refused.name) has sent nothing to refuse") }
        var frame = ICMPErrorFrame(about: refused.latestFrame, from: host.address, at: host.sourceMAC)
        while !words.isEmpty {
            if words.take("type") {
                frame.type = try words.number("type")
            } else if words.take("code") {
                frame.code = try words.number("code")
            } else {
                try words.finish()
            }
        }
        return frame.bytes
    }

    /// Reads `announces` or `answers`, addresses, and who claims them where.
    private func readClaims(_ words: inout Words, of speaker: Speaker?, from mac: MACAddress) throws -> [Claim] {
        let isAnnouncement = words.take("announces")
        if !isAnnouncement, !words.take("answers") { throw words.error("'announces' or 'answers' is missing") }
        var addresses = speaker?.addresses ?? []
        var claim = Claim(
            mac: mac,
            address: .unspecifiedIPv4,
            isAnnouncement: isAnnouncement,
            vlans: speaker?.vlans ?? [],
            captures: speaker?.captures ?? [0]
        )
        var rounds = 1
        while let word = words.first {
            if words.take("from") {
                claim.mac = try words.mac()
            } else if words.take("vlan") {
                claim.vlans = try Speaker.vlans(&words)
            } else if words.take("capture") {
                claim.captures = [try words.number("capture")]
            } else if word.hasPrefix("x"), let count = Int(word.dropFirst()), (1...100).contains(count) {
                rounds = count
                _ = words.take(word)
            } else {
                addresses = try words.addresses()
            }
        }
        guard !addresses.isEmpty else { throw words.error("an address is missing") }
        return (0..<rounds).flatMap { _ in
            addresses.map { address in
                var claim = claim
                claim.address = address
                return claim
            }
        }
    }

    // MARK: Playing

    /// A frame on its way into a capture, by the scenario's own time.
    fileprivate struct Cue {
        var time: TimeSpan
        var shift: TimeSpan
        var capture: Int
        var content: Content

        enum Content {
            case frame([UInt8])
            case blind(until: TimeSpan, BlindSpot.Reason)
            case advance, end
        }
    }

    private mutating func play() throws {
        var cues: [Cue] = []
        var shift = TimeSpan.zero
        var copying: Copying?
        // What is over by an instant is known before what happens at it.
        for action in Self.sorted(actions, by: { ($0.time, $0.deed.isBlindness ? 0 : 1) }) {
            var frames: [(bytes: [UInt8], captures: [Int])] = []
            switch action.deed {
            case .advertise(let position, var options):
                var speaker = speakers[position]
                if options.take("resigns") { speaker.priority = 0 }
                try speaker.readOptions(&options)
                let frame = speaker.speak(at: Self.epoch + action.time)
                frames.append((frame, speaker.captures))
                speakers[position].latestFrame = frame
                speakers[position].nextIdentification = speaker.nextIdentification
                speakers[position].nextCounter = speaker.nextCounter
                speakers[position].nextSequence = speaker.nextSequence
            case .flood(let count, let position, var options):
                var speaker = speakers[position]
                if options.take("resigns") { speaker.priority = 0 }
                try speaker.readOptions(&options)
                for number in 1...UInt32(count) {
                    speaker.address = IPAddress(ipv4: 0x0a0a_0000 + number)
                    speaker.mac = MACAddress(bits: 0x0266_0000_0000 + UInt64(number))
                    frames.append((speaker.speak(at: Self.epoch + action.time), speaker.captures))
                }
            case .claim(let claims): frames += claims.map { ($0.bytes, $0.captures) }
            case .blind(let start, let reason):
                cues.append(Cue(time: action.time, shift: shift, capture: 0, content: .blind(until: start, reason)))
            case .clockBack(let step): shift = shift + step
            case .copy(let way): copying = way
            case .refuse(let host, let refused, let words):
                frames.append((try refusal(by: speakers[host], of: speakers[refused], words), speakers[host].captures))
            case .advance: cues.append(Cue(time: action.time, shift: shift, capture: 0, content: .advance))
            case .end: cues.append(Cue(time: action.time, shift: shift, capture: 0, content: .end))
            }
            for frame in frames {
                for capture in frame.captures {
                    let cue = Cue(time: action.time, shift: shift, capture: capture, content: .frame(frame.bytes))
                    cues.append(cue)
                    guard let copying else { continue }
                    var copy = cue
                    copy.time = copy.time + copying.delay
                    copy.content = .frame(copying.copy(of: frame.bytes))
                    cues.append(copy)
                }
            }
        }
        cues = Self.sorted(cues) { ($0.time, $0.isEnd ? 1 : 0) }
        var numbers: [Int: Int] = [:]
        let ring = keyRing
        for cue in cues { inputs.append(cue.input(&numbers, ring)) }
        if let last = cues.last, !last.isEnd { inputs.append(.finish(Self.epoch + (last.time - last.shift))) }
    }

    /// Sorts without changing the order of equals.
    private static func sorted<Element>(
        _ elements: [Element],
        by key: (Element) -> (TimeSpan, Int)
    ) -> [Element] {
        elements.enumerated().sorted { left, right in
            let (a, b) = (key(left.element), key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
    }
}

extension Scenario.Action.Deed {
    fileprivate var isBlindness: Bool {
        if case .blind = self { true } else { false }
    }
}

extension Scenario.Cue {
    fileprivate var isEnd: Bool {
        if case .end = content { true } else { false }
    }

    fileprivate func input(_ numbers: inout [Int: Int], _ keys: KeyRing?) -> Scenario.Input {
        let instant = Scenario.epoch + (time - shift)
        switch content {
        case .frame(let bytes):
            numbers[capture, default: 0] += 1
            let reference = FrameReference(capture: capture, frame: numbers[capture, default: 0])
            var sighting = Sighting(reference, at: instant)
            if let keys {
                let frame = DecodedFrame(bytes.span, linkType: .ethernet)
                sighting.verification = keys.verification(of: frame, from: bytes.span, interface: 0)
            }
            return .frame(bytes, sighting)
        case .blind(let start, let reason):
            return .blindSpot(BlindSpot(from: Scenario.epoch + (start - shift), to: instant, reason))
        case .advance: return .advance(instant)
        case .end: return .finish(instant)
        }
    }
}

extension Scenario.Claim {
    /// The host that is answered, where one is.
    private static let askerMAC = MACAddress(bits: 0x0200_0000_00fe)

    fileprivate var bytes: [UInt8] {
        switch address.family {
        case .ipv4:
            var frame =
                isAnnouncement
                ? ARPFrame.announcement(of: address, at: mac)
                : .reply(address, at: mac, to: IPAddress(ipv4: 0x0a00_00fe), at: Self.askerMAC)
            frame.vlans = vlans
            frame.isPadded = true
            return frame.bytes
        case .ipv6:
            let asker = IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 0xfe)
            var frame =
                isAnnouncement
                ? NeighborAdvertisementFrame.announcement(of: address, at: mac)
                : .reply(address, at: mac, to: asker, at: Self.askerMAC)
            frame.vlans = vlans
            return frame.bytes
        }
    }
}

extension Analysis {
    /// Takes an input of a scenario.
    package mutating func take(_ input: Scenario.Input) {
        switch input {
        case .frame(let bytes, let sighting): _ = take(bytes.span, linkType: .ethernet, sighting)
        case .blindSpot(let blindSpot): take(blindSpot)
        case .advance(let instant): advance(to: instant)
        case .finish(let instant):
            advance(to: instant)
            finish()
        }
    }
}

extension Tracker {
    /// Takes an input of a scenario, without the filter for repeated advertisements in front.
    package mutating func take(_ input: Scenario.Input) {
        switch input {
        case .frame(let bytes, let sighting): take(DecodedFrame(bytes.span, linkType: .ethernet), sighting)
        case .blindSpot(let blindSpot): take(blindSpot)
        case .advance(let instant): advance(to: instant)
        case .finish(let instant):
            advance(to: instant)
            finish()
        }
    }
}

extension Scenario.Input {
    /// The instant of the input, if it is known.
    package var instant: CaptureInstant? {
        switch self {
        case .frame(_, let sighting): sighting.instant
        case .blindSpot: nil
        case .advance(let instant), .finish(let instant): instant
        }
    }

    /// The same at another time.
    package func shifted(by shift: TimeSpan) -> Self {
        switch self {
        case .frame(let bytes, var sighting):
            sighting.instant = sighting.instant + shift
            return .frame(bytes, sighting)
        case .blindSpot(var blindSpot):
            blindSpot.start = blindSpot.start + shift
            blindSpot.end = blindSpot.end + shift
            return .blindSpot(blindSpot)
        case .advance(let instant): return .advance(instant + shift)
        case .finish(let instant): return .finish(instant + shift)
        }
    }
}

import VRRPFindings
import VRRPTracker

/// The scores of many stories: of all together, of each kind, and the worst.
package struct StoryTally: Sendable {
    package struct Entry: Hashable, Sendable {
        package var seed: UInt64
        package var kind: StoryKind
        package var score: StoryScore
    }

    /// The agreement below which a story is one of those that fall short; as everywhere here, of the time at which the report
    /// is sure.
    package static let least = 0.98

    private let kept: Int
    package private(set) var count = 0
    package private(set) var short = 0
    package private(set) var total = StoryScore()
    package private(set) var kinds: [StoryKind: (score: StoryScore, count: Int, short: Int)] = [:]
    /// The number of stories without harm, and by rule the number of such stories with a critical finding.
    package private(set) var benign = 0
    package private(set) var falseAlarms: [String: Int] = [:]
    /// The worst first.
    package private(set) var worst: [Entry] = []

    package init(keeping kept: Int = 20) { self.kept = kept }

    /// Plays the story of a seed and adds its score.
    package mutating func play(_ seed: UInt64, kind: StoryKind? = nil) {
        let kind = kind ?? StoryPlan.kind(ofSeed: seed)
        let recording = Simulation.play(.random(seed: seed, kind: kind))
        let observation = recording.observation
        add(Entry(seed: seed, kind: kind, score: StoryScore(of: observation, against: recording)))
        if kind.isBenign, recording.isHarmless { noteAlarms(in: observation) }
    }

    private mutating func noteAlarms(in observation: Observation) {
        benign += 1
        let critical = Catalogue.findings(in: observation).filter { $0.severity == .critical }
        for id in Set(critical.map(\.rule.id)) { falseAlarms[id, default: 0] += 1 }
    }

    package mutating func add(_ entry: Entry) {
        let isShort = entry.score.sureAgreement < Self.least
        count += 1
        short += isShort ? 1 : 0
        total = total + entry.score
        let before = kinds[entry.kind, default: (StoryScore(), 0, 0)]
        kinds[entry.kind] = (before.score + entry.score, before.count + 1, before.short + (isShort ? 1 : 0))
        noteWorst(entry)
    }

    package mutating func add(_ other: Self) {
        count += other.count
        short += other.short
        total = total + other.total
        for (kind, more) in other.kinds {
            let before = kinds[kind, default: (StoryScore(), 0, 0)]
            kinds[kind] = (before.score + more.score, before.count + more.count, before.short + more.short)
        }
        benign += other.benign
        falseAlarms.merge(other.falseAlarms, uniquingKeysWith: +)
        for entry in other.worst { noteWorst(entry) }
    }

    private mutating func noteWorst(_ entry: Entry) {
        guard entry.score.sureAgreement < 1 else { return }
        worst.append(entry)
        worst.sort { ($0.score.sureAgreement, $0.seed) < ($1.score.sureAgreement, $1.seed) }
        if worst.count > kept { worst.removeLast() }
    }
}

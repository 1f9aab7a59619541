import ArgumentParser
import Foundation
import VRRPTestSupport
import VRRPTracker

/// Prints one story: what is done in it, what is true, and what is told of it.
struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the story of a seed, made smaller if asked.")

    @Argument(help: "The story's seed.") var seed: UInt64
    @Option(help: "The story's kind, where it is not the seed's own.") var kind: StoryKind?
    @Flag(help: "Make it smaller while the agreement stays below --below.") var shrink = false
    @Option(help: "The agreement below which a story fails.") var below = StoryTally.least
    @Flag(help: "Print what the captures saw as a scenario too.") var scenario = false
    @Option(help: "Write what the captures saw into this file, in the pcap format.", completion: .file()) var pcap:
        String?

    func run() throws {
        var plan = StoryPlan.random(seed: seed, kind: kind)
        if shrink { plan = plan.shrunk { Self.score(of: $0).sureAgreement < below } }
        let recording = Simulation.play(plan)
        let score = StoryScore(of: recording.observation, against: recording)
        let name = (kind ?? StoryPlan.kind(ofSeed: seed)).rawValue
        print("# \(name), agreement \(Run.share(score.sureAgreement)), sure \(Run.share(score.sureness))")
        if let first = score.firstDisagreement { print("# first lost at \(first.script) s") }
        for mistake in score.mistakes {
            print("# sure and wrong from \(mistake.lowerBound.script) to \(mistake.upperBound.script) s")
        }
        print(plan.script, terminator: "")
        print("# true:\n\(Self.text(recording.truth))")
        if let virtualRouter = recording.observation.virtualRouters.first {
            print("# told:\n\(Self.text(MasterTimeline(virtualRouter, in: recording.observation, plan)))")
        }
        if scenario { print(recording.scenario, terminator: "") }
        if let pcap { try Data(recording.pcap).write(to: URL(filePath: pcap)) }
    }

    private static func score(of plan: StoryPlan) -> StoryScore {
        let recording = Simulation.play(plan)
        return StoryScore(of: recording.observation, against: recording)
    }

    private static func text(_ timeline: MasterTimeline) -> String {
        timeline.starts.indices.map { index in
            let masters = timeline.masters[index].sorted().map { "r\($0 + 1)" }
            let names = masters.isEmpty ? "nobody" : masters.joined(separator: " ")
            return "#   \(timeline.starts[index].script) \(names)\(timeline.isSure[index] ? "" : ", uncertain")"
        }
        .joined(separator: "\n")
    }
}

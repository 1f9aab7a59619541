import ArgumentParser
import Foundation
import VRRPTestSupport

/// Plays many stories and prints how far the verdict agrees.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Plays many stories.")

    @Argument(help: "How many stories to play.") var count = 100_000
    @Argument(help: "The seed of the first; the others follow it.") var seed: UInt64 = 0
    @Option(help: "Play stories of this kind only.") var kind: StoryKind?
    @Option(help: "How many of the worst stories to print.") var worst = 20
    @Option(help: "The agreement demanded of the time at which the report is sure; below it the status is 1.")
    var least = 0.0

    func validate() throws {
        guard count > 0, worst >= 0 else {
            throw ValidationError("COUNT and --worst must not be negative, nor COUNT 0.")
        }
    }

    func run() async throws {
        let tally = await tally()
        print("kind                stories  agreement   sure    right where sure   below \(StoryTally.least)")
        for kind in StoryKind.allCases {
            guard let row = tally.kinds[kind] else { continue }
            print(Self.line(kind.rawValue, row.count, row.score, row.short))
        }
        print(Self.line("all", tally.count, tally.total, tally.short))
        let alarms = tally.falseAlarms.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value)" }
        let found = alarms.isEmpty ? "nothing" : alarms.joined(separator: ", ")
        print("critical in \(tally.benign) stories without harm: \(found)")
        for entry in tally.worst {
            let first = entry.score.firstDisagreement.map { ", first lost at \($0.script) s" } ?? ""
            print("seed \(entry.seed) (\(entry.kind.rawValue)): \(Self.share(entry.score.sureAgreement))\(first)")
        }
        if tally.total.sureAgreement < least { throw ExitCode(1) }
    }

    /// Plays all stories, on all processors.
    private func tally() async -> StoryTally {
        let (count, seed, kind, worst) = (count, seed, kind, worst)
        let workers = min(ProcessInfo.processInfo.activeProcessorCount, count)
        return await withTaskGroup(of: StoryTally.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var tally = StoryTally(keeping: worst)
                    for number in stride(from: worker, to: count, by: workers) {
                        tally.play(seed &+ UInt64(number), kind: kind)
                    }
                    return tally
                }
            }
            var sum = StoryTally(keeping: worst)
            for await part in group { sum.add(part) }
            return sum
        }
    }

    private static func line(_ name: String, _ count: Int, _ score: StoryScore, _ short: Int) -> String {
        let cells = [share(score.agreement), share(score.sureness), share(score.sureAgreement)]
        return name.padding(toLength: 20, withPad: " ", startingAt: 0)
            + "\(count)".padding(toLength: 9, withPad: " ", startingAt: 0) + cells.joined(separator: "     ")
            + "            \(short)"
    }

    static func share(_ share: Double) -> String { String(format: "%.5f", share) }
}

extension StoryKind: ExpressibleByArgument {}

import Foundation
import Testing

/// The cost of a packet in the release build, as callgrind counts it.
///
/// Instructions and allocations are the same on every machine, or nearly so, which times are not.
/// `Tests/Benchmarks/counts.py` says what is counted.
@Suite(.enabled(if: Tool.isInstalled("valgrind") && Vrrpwatch.release != nil, "needs valgrind and VRRPWATCH_RELEASE"))
struct CostTests {
    /// Instructions when they were last counted, and the most that there may ever be.
    static let counted: [String: (instructions: Double, bound: Double)] = [
        // A frame that is passed over in the reader.
        "irrelevant": (49, 60),
        // An advertisement of a master that repeats itself.
        "steady": (608, 1000),
    ]

    @Test func aPacketCostsNoMoreThanItDid() async throws {
        let script = Fixture.package.appending(path: "Tests/Benchmarks/counts.py").path
        let lines = try await Tool.run("python3", script, try #require(Vrrpwatch.release)).split(separator: "\n")
        #expect(lines.count == Self.counted.count)
        for line in lines {
            let words = line.split(separator: " ")
            let (instructions, bound) = try #require(Self.counted[String(words[0])])
            let count = try #require(Double(words[1]))
            #expect(count <= min(instructions * 1.05, bound), "\(line)")
            // Hash tables of other sizes, by chance, are a few allocations more or less for all packets together.
            #expect(abs(try #require(Double(words[2]))) < 0.001, "\(line): a packet allocates")
        }
    }
}

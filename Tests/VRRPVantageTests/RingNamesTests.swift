import Testing
import VRRPFacts
import VRRPWire

@testable import VRRPVantage

/// Which files are of one place, by their names and times.
@Suite struct RingNamesTests {
    /// A file from one second to another.
    private static func file(_ path: String, _ span: ClosedRange<Int64>?) -> RingNames.File {
        func instant(_ second: Int64) -> CaptureInstant { CaptureInstant(nanoseconds: second * 1_000_000_000) }
        return RingNames.File(
            path: path,
            first: span.map { instant($0.lowerBound) },
            last: span.map { instant($0.upperBound) },
            longestSilence: .seconds(1)
        )
    }

    private static func places(_ files: [(String, ClosedRange<Int64>?)], apart: Bool = false) -> [[Int]] {
        let pairs = files.indices.flatMap { one in files.indices.filter { $0 > one }.map { (one, $0) } }
        return RingNames(files.map { file($0.0, $0.1) }, apart: apart ? pairs : []).places()
    }

    @Test(
        "the files of a ring are one place",
        arguments: [
            ["trace.pcap", "trace.pcap1", "trace.pcap2"],
            ["trace00", "trace01", "trace02"],
            ["r1_00000.pcap", "r1_00001.pcap", "r1_00002.pcap"],
            [
                "vrrp_00001_20261122164512.pcapng", "vrrp_00002_20261122164612.pcapng",
                "vrrp_00003_20261122164712.pcapng",
            ],
            ["r2-2026-11-22_16-45-12.pcap", "r2-2026-11-22_16-46-12.pcap", "r2-2026-11-22_16-47-12.pcap"],
            ["cap98.pcap", "cap99.pcap", "cap100.pcap"],
            ["w02.pcap", "w03.pcap", "w00.pcap"],
            ["trace.pcap.gz", "trace.pcap1.gz", "trace.pcap2"],
            ["r1_00000.pcap.zst", "r1_00001.pcap.gz", "r1_00002.pcap"],
        ]
    )
    func rings(names: [String]) {
        let files = names.enumerated().map { ($1, Int64($0 * 60)...Int64($0 * 60 + 59)) }
        #expect(Self.places(files) == [[0, 1, 2]])
        #expect(Self.places(files.reversed()) == [[2, 1, 0]])
    }

    @Test("files of several interfaces are one ring, by the clock of each interface")
    func severalClocks() {
        func instant(_ second: Int64) -> CaptureInstant { CaptureInstant(nanoseconds: second * 1_000_000_000) }
        let files = (0..<3).map { number in
            let start = Int64(number * 60)
            var file = Self.file("both_0000\(number).pcapng", start...start + 149)
            file.interfaces = [
                "r1": instant(start)...instant(start + 59), "r2": instant(start + 90)...instant(start + 149),
            ]
            return file
        }
        #expect(RingNames(files).places() == [[0, 1, 2]])
    }

    @Test func twoRingsAreTwoPlaces() {
        let files = [
            ("r1_00000.pcap", 0...59), ("r2_00000.pcap", 10...69), ("r1_00001.pcap", 60...119),
            ("r2_00001.pcap", 70...129),
        ]
        #expect(
            Self.places(files.map { ($0.0, Int64($0.1.lowerBound)...Int64($0.1.upperBound)) }) == [[0, 2], [1, 3]]
        )
    }

    @Test func filesOfOneTimeAreTwoPlaces() {
        #expect(Self.places([("r1.pcap", 0...59), ("r2.pcap", 1...60)]) == [[0], [1]])
    }

    @Test func filesThatShowTheSameAreTwoPlacesThoughTheyFollowOneAnother() {
        #expect(Self.places([("r1.pcap", 0...59), ("r2.pcap", 60...119)], apart: true) == [[0], [1]])
        #expect(Self.places([("r1.pcap", 0...59), ("r2.pcap", 60...119)]) == [[0, 1]])
    }

    @Test func ringsThatShowTheSameAreTwoPlacesThoughOneBeginsWhereTheOtherEnds() {
        let files: [(String, ClosedRange<Int64>?)] = [
            ("r1.pcap", 100...129), ("r1.pcap1", 130...159), ("r2.pcap", 40...69), ("r2.pcap1", 70...99),
        ]
        let spans = files.map { Self.file($0.0, $0.1) }
        #expect(RingNames(spans, apart: [(0, 2), (1, 3)]).places() == [[0, 1], [2, 3]])
        #expect(RingNames(spans, apart: []).places() == [[2, 3, 0, 1]])
    }

    @Test func numbersOfHostsAreNoRingWhereTheFilesLieFarApart() {
        #expect(Self.places([("node1.pcap", 0...59), ("node2.pcap", 600...659)]) == [[0], [1]])
    }

    @Test func filesOfWhichTheFirstBearsNoNumberAreCounted() {
        let files = [("uplink", 0...59), ("uplink1", 600...659), ("uplink2", 1200...1259)]
        let spans = files.map { ($0.0, Int64($0.1.lowerBound)...Int64($0.1.upperBound)) }
        #expect(Self.places(spans) == [[0, 1, 2]])
        // A sender that is restarted uses its numbers again.
        #expect(Self.places(spans, apart: true) == [[0, 1, 2]])
    }

    @Test(
        "a number at the end of a name is that of a host, a counter, or both, by what follows what",
        arguments: [
            (
                ["trace1", "trace11", "trace12", "trace2", "trace21", "trace22"], [0, 1, 2, 0, 1, 2],
                [[0, 1, 2], [3, 4, 5]]
            ),
            (["n11", "n12", "n13", "n21", "n22", "n23"], [0, 1, 2, 0, 1, 2], [[0, 1, 2], [3, 4, 5]]),
            (["trace1", "trace2", "trace10", "trace11"], [0, 1, 2, 3], [[0, 1, 2, 3]]),
            (["trace1", "trace2", "trace10", "trace11"], [0, 0, 0, 0], [[0], [1], [2], [3]]),
            (["t1", "t11", "t110", "t2", "t21", "t210"], [0, 1, 2, 0, 1, 2], [[0, 1, 2], [3, 4, 5]]),
        ] as [([String], [Int64], [[Int]])]
    )
    func numbersAtTheEnd(names: [String], times: [Int64], places: [[Int]]) {
        let files = zip(names, times).map { ($0, $1 * 60...($1 * 60 + 59)) }
        #expect(Self.places(files.map { ($0.0, $0.1) }) == places)
    }

    @Test func aCounterTellsTheOrderWhereTheClockWasSetBack() {
        let files: [(String, ClosedRange<Int64>?)] = [
            ("r1_00001.pcap", 100...129), ("r1_00002.pcap", 130...159), ("r1_00003.pcap", 110...139),
        ]
        #expect(Self.places(files) == [[0, 1, 2]])
        // One that begins anew goes on at once.
        let farBack: [(String, ClosedRange<Int64>?)] = files.dropLast() + [("r1_00003.pcap", 20...49)]
        #expect(Self.places(farBack) == [[0, 1, 2]])
        #expect(Self.places(files, apart: true) == [[0], [1], [2]])
    }

    @Test func numbersOfOnePlaceCountItsFilesWhereMostGoOnByOne() {
        #expect(RingNames.areCounted(["cap-0-r1.pcap", "cap-1-r1.pcap", "cap-3-r1.pcap"]))
        #expect(!RingNames.areCounted(["r1-11-05-10.pcap", "r1-11-05-20.pcap", "r1-11-05-30.pcap"]))
        #expect(RingNames.isFurther("cap-3-r1.pcap", after: "cap-1-r1.pcap", isCounted: true))
        #expect(!RingNames.isFurther("cap-3-r1.pcap", after: "cap-1-r1.pcap"))
    }

    @Test func aRingMayHaveAHole() {
        #expect(Self.places([("a_00001.pcap", 0...59), ("a_00007.pcap", 6000...6059)]) == [[0, 1]])
    }

    @Test func aFileWithoutFramesIsWhereItsNameSays() {
        #expect(Self.places([("a_00001.pcap", 0...59), ("a_00002.pcap", nil), ("b.pcap", 5...9)]) == [[0, 1], [2]])
    }

    @Test(
        "a file whose counter goes on by one is the next one, whatever lies between",
        arguments: [
            ("r1_00001.pcap", "r1_00002.pcap", true), ("r1_00001.pcap", "r1_00003.pcap", false),
            ("r1_00002.pcap", "r1_00001.pcap", false), ("r1_00009.pcap", "r1_00010.pcap", true),
            ("r1_00001.pcap", "r2_00002.pcap", false), ("sw.pcap", "sw.pcap1", true), ("sw.pcap9", "sw.pcap10", true),
            ("sw.pcap1", "sw.pcap3", false), ("node1.pcap", "node2.pcap", false), ("host.1", "host.2", false),
            ("a_00001_20261122164512.pcapng", "a_00002_20261122174612.pcapng", true),
            ("a_00001_20261122164512.pcapng", "a_00001_20261122174612.pcapng", false),
            ("a-2026-11-22_16-45-12.pcap", "a-2026-11-22_16-46-12.pcap", false),
            ("a-20261122_164512.pcap", "a-20261122_164513.pcap", false),
            ("a_99999999999999999999.pcap", "a_100000000000000000000.pcap", false),
        ]
    )
    func next(before: String, path: String, isNext: Bool) {
        #expect(RingNames.isNext(path, after: before) == isNext)
    }

    @Test("a number that goes on by more than one is a time of day, or a file is missing")
    func timesOfDay() {
        func goesOn(_ path: String, after before: String) -> Bool {
            RingNames.goesOn(
                path,
                after: before,
                silence: .seconds(4),
                longestSilence: .seconds(1),
                length: .seconds(10)
            )
        }
        #expect(goesOn("r1.110445.pcap", after: "r1.110435.pcap"))
        #expect(!goesOn("r1_00045.pcap", after: "r1_00035.pcap"))
        #expect(!goesOn("r1.110485.pcap", after: "r1.110435.pcap"))
    }
}

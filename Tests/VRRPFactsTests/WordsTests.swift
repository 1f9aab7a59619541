import Testing
import VRRPFacts
import VRRPWire

@Suite struct WordsTests {
    /// A length in nanoseconds, and its words in a table, in a sentence, in a headline and in a cell of the screen.
    private static let lengths: [(nanoseconds: Int64, table: String, prose: String, headline: String, cell: String)] = [
        (0, "0 s", "0 s", "0 s", "0ms"),
        (400_000, "0 ms", "0.4 ms", "0 ms", "0ms"),
        (500_000, "1 ms", "0.5 ms", "1 ms", "1ms"),
        (6_449_999, "6 ms", "6.4 ms", "6 ms", "6ms"),
        (6_450_000, "6 ms", "6.5 ms", "6 ms", "6ms"),
        (9_950_000, "10 ms", "10 ms", "10 ms", "10ms"),
        (651_649_000, "652 ms", "652 ms", "652 ms", "652ms"),
        (999_499_999, "999 ms", "999 ms", "999 ms", "999ms"),
        (999_500_000, "1.000 s", "1 s", "1 s", "1.00s"),
        (9_045_709_000, "9.046 s", "9.05 s", "9 s", "9.05s"),
        (9_995_000_000, "9.995 s", "10 s", "10 s", "10.0s"),
        (25_400_000_000, "25.400 s", "25.4 s", "25.4 s", "25.4s"),
        (59_995_000_000, "59.995 s", "1 min 0 s", "60 s", "60.0s"),
        (99_949_000_000, "99.949 s", "1 min 40 s", "99.9 s", "99.9s"),
        (99_999_499_999, "99.999 s", "1 min 40 s", "1 min 40 s", "1m40"),
        (99_999_500_000, "1 min 40 s", "1 min 40 s", "1 min 40 s", "1m40"),
        (724_500_000_000, "12 min 5 s", "12 min 5 s", "12 min 5 s", "12m05"),
        (3_599_500_000_000, "1 h 0 min", "1 h 0 min", "1 h 0 min", "60m00"),
        (12_000_000_000_000, "3 h 20 min", "3 h 20 min", "3 h 20 min", "3h20"),
        (86_370_000_000_000, "1 d 0 h", "1 d 0 h", "1 d 0 h", "24h00"),
        (187_200_000_000_000, "2 d 4 h", "2 d 4 h", "2 d 4 h", "52h00"),
        (360_000_000_000_000, "4 d 4 h", "4 d 4 h", "4 d 4 h", "4d04"),
        (-640_000_000, "-640 ms", "−640 ms", "-640 ms", "-640ms"),
        (-1_500_000_000, "-1.500 s", "−1.5 s", "-1.5 s", "-1.50s"),
        (-40_000, "0 ms", "0 ms", "0 ms", "0ms"),
    ]

    @Test(arguments: lengths.indices)
    func words(index: Int) {
        let (nanoseconds, table, prose, headline, cell) = Self.lengths[index]
        let span = TimeSpan(nanoseconds: nanoseconds)
        #expect(span.words(.table) == table)
        #expect(span.words(.prose) == prose)
        #expect(span.words(.headline) == headline)
        #expect(span.words(.cell) == cell)
        #expect(text(span) == prose)
    }

    @Test(
        "Every length has words, and a cell holds all up to 100 days",
        arguments: [TimeSpan.Precision.table, .prose, .headline, .cell]
    )
    func extremes(precision: TimeSpan.Precision) {
        for nanoseconds in [Int64.min, .min + 1, -1, 1, .max - 1, .max] {
            #expect(!TimeSpan(nanoseconds: nanoseconds).words(precision).isEmpty)
        }
        for power in 0..<53 {
            let bit = Int64(1) << power
            for nanoseconds in [bit, bit - 1, -bit] {
                #expect(TimeSpan(nanoseconds: nanoseconds).words(.cell).count <= 6)
            }
        }
    }

    @Test("Two precisions never contradict each other: the coarser is the finer rounded half up")
    func oneRounding() {
        for milliseconds in Int64(1000)..<60_000 {
            let span = TimeSpan.milliseconds(milliseconds)
            let hundredths = (milliseconds + 5) / 10
            let tenths = (milliseconds + 50) / 100
            #expect(span.words(.table) == "\(milliseconds / 1000).\(Self.padded(milliseconds % 1000, 3)) s")
            if hundredths < 6000 { #expect(span.words(.prose) == Self.shortened(hundredths, 2)) }
            #expect(span.words(.headline) == Self.shortened(tenths, 1))
        }
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        String(String("000\(value)").suffix(digits))
    }

    private static func shortened(_ value: Int64, _ places: Int) -> String {
        let scale: Int64 = places == 2 ? 100 : 10
        var fraction = padded(value % scale, places)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(value / scale)" + (fraction.isEmpty ? "" : "." + fraction) + " s"
    }

    @Test(arguments: [
        (0, "0 ms"), (49_999, "0 ms"), (50_000, "0.1 ms"), (6_449_999, "6.4 ms"), (99_949_999, "99.9 ms"),
        (99_950_000, "100 ms"), (651_649_000, "652 ms"), (3_648_437_500, "3648 ms"), (-350_000_000, "-350 ms"),
        (-40_000, "0 ms"),
    ])
    func milliseconds(nanoseconds: Int64, text: String) {
        #expect(TimeSpan(nanoseconds: nanoseconds).inMilliseconds == text)
    }

    @Test(arguments: [
        (1_000_000_000, "1 s"), (200_000_000, "0.2 s"), (1_500_000_000, "1.5 s"), (40_950_000_000, "40.95 s"),
        (255_000_000_000, "255 s"), (1, "0.000000001 s"), (-250_000_000, "-0.25 s"),
    ])
    func exactSeconds(nanoseconds: Int64, text: String) {
        #expect(TimeSpan(nanoseconds: nanoseconds).inExactSeconds == text)
    }

    @Test func lists() {
        #expect(list([]) == "")
        #expect(Words.list([], none: "nobody") == "nobody")
        #expect(list(["a"]) == "a")
        #expect(list(["a", "b"]) == "a and b")
        #expect(list(["a", "b", "c"]) == "a, b and c")
        #expect(Words.list(["a", "b", "c"], atMost: 3) == "a, b, c")
        #expect(Words.list(["a", "b", "c", "d"], atMost: 2) == "a, b and 2 more")
    }

    @Test func counts() {
        #expect(count(0, "router") == "0 routers")
        #expect(count(1, "router") == "1 router")
        #expect(Words.count(2, "more address", "more addresses") == "2 more addresses")
    }

    @Test("A takeover is late beyond a tenth of its bound, or 50 ms where that is more")
    func lateness() {
        #expect(!Lateness.isLate(.milliseconds(652), bound: .milliseconds(648)))
        #expect(!Lateness.isLate(.milliseconds(712), bound: .milliseconds(648)))
        #expect(Lateness.isLate(.milliseconds(713), bound: .milliseconds(648)))
        #expect(!Lateness.isLate(.milliseconds(150), bound: .milliseconds(100)))
        #expect(Lateness.isLate(.milliseconds(151), bound: .milliseconds(100)))
    }
}

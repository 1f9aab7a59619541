import Foundation
import Testing
import VRRPCapture
import VRRPReport
import VRRPTestSupport
import VRRPWire

/// Words that are explained, words that are nearly known, and answers where there is nothing to judge.
@Suite struct ExplainTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: (0..<6).map { $0 * 1000 }), to: "one.pcap")
    }

    private func run(_ arguments: String...) throws -> Tool.Result { try Tool.run(arguments, in: folder) }

    @Test(arguments: [
        "timeout", "bound", "margin", "outage", "vrid", "basis", "incident kinds", "Master Down Interval",
    ])
    func wordsAreExplained(word: String) throws {
        let page = try Tool.run(["explain"] + word.split(separator: " ").map(String.init), in: folder)
        #expect(page.status == 0)
        #expect(page.output.split(separator: "\n").count >= 2)
        #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(
        "a word, a command or an option that is nearly right is suggested",
        arguments: [
            (["explain", "splitbrain"], "did you mean 'split-brain'?"),
            (["explain", "tiemout"], "did you mean 'timeout'?"),
            (["anlyze", "one.pcap"], "did you mean `vrrpwatch analyze`?"), (["--verison"], "Did you mean '--version'?"),
            (["analyze", "--fomat", "json", "one.pcap"], "Did you mean '--format'?"),
            (["watch", "--intrface", "eth0"], "Did you mean '--interface'?"),
        ]
    )
    func nearMisses(arguments: [String], suggestion: String) throws {
        let result = try Tool.run(arguments, in: folder)
        #expect(result.status != 0)
        #expect(result.errors.contains(suggestion), "\(result.errors)")
    }

    @Test(
        "no complaint names a command that help does not",
        arguments: [
            [], ["--nope"], ["--format", "jsn", "one.pcap"], ["--utc"], ["-c", "x", "one.pcap"],
        ]
    )
    func hiddenCommandsStayHidden(arguments: [String]) throws {
        let result = try Tool.run(arguments, in: folder)
        #expect(!result.errors.contains("vrrpwatch open"), "\(result.errors)")
    }

    @Test("the filter of `explain capture` is one that tcpdump takes, and lets an advertisement pass")
    func captureFilter() throws {
        let page = try run("explain", CapturePage.name).output
        #expect(page.contains("report --at r1=r1.pcap --at r2=r2.pcap"))
        let quotes = page.split(separator: "'", omittingEmptySubsequences: false)
        #expect(quotes.count == 5)
        let filter = String(quotes[1])
        #expect(quotes[3] == quotes[1])
        let program = try FrameFilter(filter, linkType: .ethernet)
        let frame = Pcap.advertisement(from: 1, priority: 100)
        var tagged = frame
        tagged.insert(contentsOf: [0x81, 0, 0, 10], at: 12)
        var other = frame
        other[23] = 17
        func passes(_ bytes: [UInt8]) -> Bool { program.matches(bytes.span, originalLength: bytes.count) }
        #expect(passes(frame))
        #expect(passes(tagged))
        #expect(!passes(other))
    }

    // MARK: Nothing to judge

    @Test("advertisements that the filter keeps out are counted, and their segment is named")
    func filterKeepsOut() throws {
        let result = try run("-f", "vlan 10", "one.pcap", "--utc")
        let text = result.output.replacing(/\s+/, with: " ")
        #expect(
            text.hasPrefix(
                "There is nothing to judge: the filter 'vlan 10' kept out all 6 VRRP advertisements, on untagged."
            )
        )
        #expect(text.contains("1. Change the filter: name untagged in it"))
        let json = try run("-f", "vlan 10", "one.pcap", "--json").output
        #expect(json.contains(#""id": "no-adverts""#) || json.contains(#""id":"no-adverts""#))
    }

    @Test("decode and extract say on standard error that there is nothing, and end as ever")
    func nothingToDecode() throws {
        let decoded = try run("decode", "-f", "vlan 10", "one.pcap")
        #expect(decoded.status == 0)
        #expect(decoded.output.isEmpty)
        #expect(decoded.errors.contains("there is no VRRP advertisement"))
        let extracted = try run("extract", "-f", "vlan 10", "one.pcap", "-w", "out.pcapng")
        #expect(extracted.status == 0)
        #expect(extracted.errors.contains("the filter 'vlan 10' kept out all 6 VRRP advertisements"))
        #expect(try run("decode", "-q", "-f", "vlan 10", "one.pcap").errors.isEmpty)
        #expect(try run("decode", "one.pcap").errors.isEmpty)
    }
}

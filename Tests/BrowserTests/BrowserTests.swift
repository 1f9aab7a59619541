import Foundation
import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Reports as their readers see them.
@Suite(
    .serialized,
    .enabled(if: Browser.isInstalled, "chromium, chromedriver or pdftotext is missing; .ci/setup test installs them")
)
struct BrowserTests {
    /// The findings whose texts a report must show, in HTML and in print.
    private struct Findings: Decodable {
        struct Finding: Decodable {
            var id: String
            var summary: String
            var explanation: String
            var remedy: String
        }

        var findings: [Finding]

        var words: [String] {
            findings.flatMap { [$0.id, $0.summary, $0.explanation, $0.remedy] }
                .map { $0.replacing("`", with: "") }
        }
    }

    static let captures = root.appending(path: "Fixtures/Captures")
    static let root = Browser.root
    static let screenshots = root.appending(path: "Fixtures/Screenshots")
    /// Looked at in dark colours as well: one of each kind of picture.
    static let inDark = ["auth-mismatch", "jittery-master", "v3-ipv6"]
    /// The pages of the handbook in which contrasts are measured.
    static let contrasting = ["index.html", "first-minutes.html", "alerting.html"]
    static let isRewriting = GoldenFile.isRewriting

    private static func sources(of name: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: captures.appending(path: name).path)
        return names.filter { $0.hasSuffix(".pcap") }.sorted().map { "Fixtures/Captures/\(name)/\($0)" }
    }

    @Test("reports of all recordings open, read and print well")
    func recordings() async throws {
        try await withTemporaryFolder { folder in
            var pages: [Browser.Page] = []
            for name in try FileManager.default.contentsOfDirectory(atPath: Self.captures.path).sorted() {
                let sources = try Self.sources(of: name)
                let file = folder.appending(path: "\(name).html").path
                try await Vrrpwatch.run(["report", "--utc", "-o", file] + sources)
                let json = try await Vrrpwatch.run(["analyze", "--json"] + sources)
                let findings = try JSONDecoder().decode(Findings.self, from: Data(json.utf8))
                var page = Browser.Page(file: file)
                page.words = findings.words
                if Self.inDark.contains(name) { page.axe = ["light", "dark"] }
                if Self.isRewriting { page.screenshots = Self.screenshots(of: name) }
                pages.append(page)
            }
            #expect(pages.count > 30)
            let sights = try await Browser.look(at: pages)
            #expect(sights.count == pages.count)
            for sight in sights { Browser.expectNothingWrong(with: sight) }
        }
    }

    /// Pictures of a few reports, to be looked at by whoever changes the page.
    private static func screenshots(of name: String) -> [Browser.Screenshot] {
        func shot(
            _ suffix: String,
            _ scheme: String,
            _ width: Int,
            _ height: Int,
            at: String = "html"
        ) -> Browser.Screenshot {
            let file = screenshots.appending(path: "\(suffix).png").path
            return Browser.Screenshot(file: file, scheme: scheme, width: width, height: height, at: at)
        }
        switch name {
        case "split-brain-deaf-backup": return [shot("report", "light", 1200, 1100)]
        case "random-faults-v3":
            return [shot("timeline-dark", "dark", 1200, 640, at: "#overview"), shot("narrow", "light", 360, 1400)]
        case "many-vrids": return [shot("many-vrids", "light", 1200, 1500)]
        case "jittery-master": return [shot("regularity", "light", 1200, 900, at: "#jitter")]
        case "auth-mismatch": return [shot("advertised-dark", "dark", 1200, 800, at: "#advertised")]
        default: return []
        }
    }

    @Test("an incident of 500 virtual routers opens in two seconds")
    func largeIncident() async throws {
        let observation = SyntheticIncident(virtualRouters: 500, cycles: 10).observation()
        let document = ReportDocument(
            observation,
            captures: [CaptureDescription(source: "large.pcap", format: .pcap)],
            version: "1.2.3"
        )
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "large.html")
            try IncidentReport.html(document, IncidentReport.Options()).write(
                to: file,
                atomically: true,
                encoding: .utf8
            )
            var page = Browser.Page(file: file.path)
            // The print-out of a thousand rows is not worth its minutes.
            page.pdf = false
            // Its colours are those of the other pages.
            page.contrast = false
            page.words = document.virtualRouters.map(\.id) + Set(document.findings.map(\.id)).sorted()
            if Self.isRewriting {
                let file = Self.screenshots.appending(path: "large.png").path
                page.screenshots = [Browser.Screenshot(file: file, width: 1200, height: 1000)]
            }
            let sight = try #require(try await Browser.look(at: [page]).first)
            Browser.expectNothingWrong(with: sight)
            // The machine may be busy with other tests, which a reader's is not.
            #expect(sight.painted > 0 && sight.painted < 4000)
            #expect(sight.milliseconds < 6000)
            let bytes = try Data(contentsOf: file).count
            print("large.html: \(bytes) bytes, seen after \(sight.painted) ms, there after \(sight.milliseconds) ms")
        }
    }

    @Test("ways, changed settings and busy stretches read well")
    func ways() async throws {
        var story = """
            point A
            point B
            router A 10.0.0.1 priority 200 captures 0,1
            router Later 10.0.0.1 priority 200 interval 2 captures 0,1
            router B 10.0.0.2 priority 100 captures 0,1
            router Deaf 10.0.0.1 priority 200 capture 0

            """
        for cycle in 0..<60 {
            let start = 20 * cycle
            story += "\(start)..\(start + 9) every 1 A\n\(start + 12).609..\(start + 19) every 1 B\n"
        }
        story += "1200..1220 every 1 A\n1221..1260 every 1 Deaf\n1223.609..1260 every 1 B\n1262..1300 every 2 Later"
        let document = ReportDocument(
            try Scenario(story).observation,
            captures: [0, 1].map { CaptureDescription(source: "r\($0).pcap", format: .pcap) },
            version: "1.2.3"
        )
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "ways.html")
            let html = IncidentReport.html(document, IncidentReport.Options())
            try html.write(to: file, atomically: true, encoding: .utf8)
            var page = Browser.Page(file: file.path)
            page.axe = ["light", "dark"]
            page.words = [
                "Where advertisements arrive", "broken", "changed its interval from 1 s to 2 s",
                "Busy stretches are summed up",
            ]
            let sight = try #require(try await Browser.look(at: [page]).first)
            Browser.expectNothingWrong(with: sight)
        }
    }

    @Test("hostile text is shown and does nothing")
    func hostileText() async throws {
        try await withTemporaryFolder { folder in
            let capture = folder.appending(path: HostileCapture.fileName)
            try Data(HostileCapture.bytes).write(to: capture)
            let file = folder.appending(path: "hostile.html").path
            let arguments = ["report", capture.path, "--utc", "--show-secrets", "--title", HostileCapture.title, "-o"]
            try await Vrrpwatch.run(arguments + [file])
            var page = Browser.Page(file: file)
            page.words =
                [
                    "javascript:alert(1)\"><svg onload=pwned=1>/untagged/ipv4/51",
                    "=cmd|'/C calc'!A0\\x1b[2J\\u{202e}\\x0d\\x0a/untagged/ipv4/51",
                    "<img src=x onerror=pwned=1>\\u{202e}`|@all.pcapng",
                    "</title></style><script>window.pwned = 1</script>\\x1b[31m",
                ] + HostileCapture.passwords.map { "'\($0)'" }
            let sight = try #require(try await Browser.look(at: [page]).first)
            Browser.expectNothingWrong(with: sight)

            let csv = folder.appending(path: "hostile.csv").path
            try await Vrrpwatch.run(arguments + [csv])
            let table = try String(contentsOf: folder.appending(path: "hostile-intervals.csv"), encoding: .utf8)
            #expect(table.contains("\n'=cmd|'/C calc'!A0\\x1b[2J\\u{202e}\\x0d\\x0a/untagged/ipv4/51,"))
        }
    }

    @Test("the handbook's pages read well, in light and dark colours and in a narrow window")
    func handbook() async throws {
        try await withTemporaryFolder { folder in
            let pages = folder.appending(path: "html")
            try await Browser.run("python3", [Self.root.appending(path: ".ci/handbook").path, "pages", pages.path])
            let names = try FileManager.default.contentsOfDirectory(atPath: pages.path).filter { $0.hasSuffix(".html") }
            #expect(names.count > 10)
            #expect(Set(names).isSuperset(of: Self.contrasting))
            let sights = try await Browser.look(
                at: names.sorted().map { name in
                    var page = Browser.Page(file: pages.appending(path: name).path)
                    // All pages have one style sheet; these hold every kind of element.
                    page.contrast = Self.contrasting.contains(name)
                    page.axe = page.contrast ? ["light", "dark"] : ["light"]
                    page.pdf = false
                    return page
                }
            )
            for sight in sights {
                let name = URL(filePath: sight.file).lastPathComponent
                #expect(sight.violations.isEmpty, "\(name)")
                #expect(sight.console.isEmpty, "\(name)")
                #expect(sight.overflow <= 0, "\(name): wider than a window 360 wide")
                #expect(sight.requests.allSatisfy { $0.hasPrefix("file://\(pages.path)/") }, "\(name)")
            }
        }
    }

    @Test("two runs give the same bytes", arguments: ["html", "md", "json", "csv"])
    func sameBytes(ending: String) async throws {
        let sources = try Self.sources(of: "one-way-loss")
        try await withTemporaryFolder { folder in
            var texts: [[Data]] = []
            for run in ["first", "second"] {
                let own = folder.appending(path: run)
                try FileManager.default.createDirectory(at: own, withIntermediateDirectories: false)
                try await Vrrpwatch.run(["report", "-o", own.appending(path: "report.\(ending)").path] + sources)
                let files = try FileManager.default.contentsOfDirectory(atPath: own.path).sorted()
                #expect(files.count == (ending == "csv" ? 4 : 1))
                texts.append(try files.map { try Data(contentsOf: own.appending(path: $0)) })
            }
            #expect(texts[0] == texts[1])
            #expect(texts[0].allSatisfy { !$0.isEmpty })
        }
    }
}

import Foundation
import Testing
import VRRPTestSupport

/// The page's script, by what a reader does with mouse and keys; and the page without it.
@Suite(
    .serialized,
    .enabled(if: Browser.isInstalled, "chromium, chromedriver or pdftotext is missing; .ci/setup test installs them")
)
struct PageScriptTests {
    private static let recording = "Fixtures/Captures/many-vrids/capture.pcap"
    /// The time shown, in milliseconds.
    private static let shown = """
        (([a, b]) => Date.parse(b) - Date.parse(a))(document.getElementById('window').textContent.match(/\\d{4}-[^ ,]*Z/g))
        """
    private static let row = "svg.row:not([hidden])"

    /// Opens the page of a recording, does the steps, and returns the answers.
    private static func answers(
        script: Bool = true,
        _ steps: [Browser.Step],
        words: [String] = []
    ) async throws -> [String] {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "page.html").path
            try await Vrrpwatch.run(["report", "--utc", "-o", file, recording])
            var page = Browser.Page(file: file)
            page.axe = []
            page.pdf = false
            page.script = script
            page.steps = steps
            page.words = words
            let sight = try #require(try await Browser.look(at: [page]).first)
            Browser.expectNothingWrong(with: sight)
            return sight.answers
        }
    }

    @Test("dragging enlarges the stretch, Escape shows the whole time again")
    func zoom() async throws {
        // The axis lies between 200 and 760 of 960.
        let answers = try await Self.answers([
            .ask(Self.shown),
            .ask("document.querySelectorAll('svg.head .flags a').length"),
            .drag(Self.row, from: 340.0 / 960, to: 480.0 / 960),
            .ask(Self.shown),
            .ask("document.querySelectorAll('svg.head .flags a').length"),
            .ask("document.querySelector('g.ticks text').textContent"),
            .key("Escape", at: "#rows"),
            .ask(Self.shown),
        ])
        try #require(answers.count == 6)
        let (whole, part) = (try #require(Double(answers[0])), try #require(Double(answers[2])))
        #expect(abs(part - whole / 4) < whole / 100)
        #expect(Int(answers[3]) ?? .max < Int(answers[1]) ?? 0)
        #expect(answers[4].contains(":"))
        #expect(answers[5] == answers[0])
    }

    @Test("the script draws the rows and the axis of the whole time as they are without it")
    func sameRows() async throws {
        // A time in milliseconds may be one column off.
        let look = """
            [...document.querySelectorAll('#rows g.bars path')].map(p => p.getAttribute('class') \
            + p.getAttribute('d').replace(/\\.0/g, '')).join('|')
            """
        let axis = "[...document.querySelectorAll('#rows g.ticks text')].map(t => t.textContent).join('|')"
        let flags = "[...document.querySelectorAll('#rows g.flags text')].map(t => t.textContent).join('|')"
        let answers = try await Self.answers([
            .ask(look), .ask(axis), .ask(flags), .key("Escape", at: "#rows"), .ask(look), .ask(axis), .ask(flags),
        ])
        try #require(answers.count == 6)
        let (before, after) = (answers[0].split(separator: "|"), answers[3].split(separator: "|"))
        #expect(before.count == after.count && before.count > 100)
        #expect(zip(before, after).count { $0 == $1 } * 10 > before.count * 9)
        #expect(zip(before, after).allSatisfy { $0.prefix(2) == $1.prefix(2) })
        #expect(answers[1] == answers[4] && answers[2] == answers[5])
    }

    @Test("keys enlarge, reduce and move")
    func keyboard() async throws {
        let window = "document.getElementById('window').textContent"
        let answers = try await Self.answers([
            .ask(Self.shown), .key("+", at: "#rows"), .ask(Self.shown), .ask(window),
            .key("ArrowRight", at: "#rows"), .ask(window), .key("ArrowLeft", at: "#rows"), .ask(window),
            .key("-", at: "#rows"), .ask(Self.shown),
            .ask(
                "[...document.querySelectorAll('#tools button, #tools input, #tools select')].every(e => e.tabIndex === 0)"
            ),
            .ask("document.getElementById('rows').tabIndex"),
        ])
        try #require(answers.count == 8)
        let whole = try #require(Double(answers[0]))
        #expect(abs((Double(answers[1]) ?? 0) - whole / 2) < 3)
        #expect(answers[2] != answers[3] && answers[2] == answers[4])
        #expect(answers[5] == answers[0])
        #expect(answers[6] == "true" && answers[7] == "0")
    }

    @Test("the display filter follows the virtual routers and the time")
    func filter() async throws {
        let filter = "document.getElementById('filter').textContent"
        let answers = try await Self.answers([
            .ask(filter), .choose(1, at: "#first"), .ask(filter), .choose(2, at: "#second"), .ask(filter),
            .key("+", at: "#rows"), .ask(filter), .click("[data-do=filter]"),
            .ask("new Promise(done => setTimeout(() => done(1), 0)) && document.getElementById('closer').hidden"),
            .ask("document.querySelectorAll('#closer svg').length"),
        ])
        try #require(answers.count == 6)
        #expect(answers[0] == "vrrp")
        #expect(
            answers[1].wholeMatch(of: /\(vrrp\.virt_rtr_id == \d+ \|\| arp\.src\.proto_ipv4 == 10\.51\.0\.\d+\)/) != nil
        )
        #expect(answers[2].contains(") || (") && !answers[2].contains("time"))
        #expect(answers[3].contains(" && frame.time_epoch >= 17") && answers[3].contains(" && frame.time_epoch <= 17"))
        #expect(answers[4] == "false" && answers[5] == "2")
    }

    @Test("a permalink shows the instant and the virtual router again")
    func permalink() async throws {
        let state = "document.getElementById('instant').textContent"
        let answers = try await Self.answers([
            .choose(1, at: "#first"), .click(Self.row, share: 420.0 / 960), .ask("location.hash"), .ask(state),
            .go("#at=2026-11-22T11:06:08.000Z"), .ask(state), .ask(Self.shown),
            .ask("document.querySelectorAll('#rows line.cursor').length > 1"),
        ])
        try #require(answers.count == 5)
        #expect(answers[0].wholeMatch(of: /#at=2026-11-22T11:06:0\d\.\d{3}Z&vr=untagged-ipv4-\d+/) != nil)
        #expect(answers[1].contains("At 2026-11-22T11:06:0"))
        #expect(answers[2].hasPrefix("At 2026-11-22T11:06:08.000Z: ") && answers[2].contains("no master"))
        #expect(answers[3] == "10000" && answers[4] == "true")
    }

    @Test("rows are found by address and by VRID")
    func find() async throws {
        let rows = "document.querySelectorAll('#rows svg.row:not(.several):not([hidden])').length"
        let answers = try await Self.answers([.ask(rows), .type("10.51.0.134", at: "#find"), .ask(rows)])
        #expect(answers == ["40", "1"])
    }

    @Test("without a script everything is there but what only a script can do")
    func noScript() async throws {
        let answers = try await Self.answers(
            script: false,
            [
                .ask("getComputedStyle(document.getElementById('tools')).display"),
                .ask("document.querySelectorAll('#rows svg.row:not(.several)').length"),
                .ask("document.querySelectorAll('#rows .flags a').length > 0"),
                .ask("document.querySelectorAll('article svg.timeline').length > 0"),
                .ask("document.querySelectorAll('#rows g.bars path').length > 40"),
            ],
            words: ["10.51.0.134 (34)", "What happened"]
        )
        #expect(answers == ["none", "40", "true", "true", "true"])
    }
}

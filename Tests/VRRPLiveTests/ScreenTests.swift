import Testing
import VRRPFacts
import VRRPFindings
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The full-screen view as text.
@Suite struct ScreenTests {
    /// A line `# show 80x24` of a scenario says how large the screen is; words behind it are keys to be pressed.
    @Test(arguments: try GoldenFile.names(beside: #filePath))
    func screen(_ name: String) throws {
        var file = try GoldenFile(name, beside: #filePath)
        #expect(!file.cases.isEmpty)
        for index in file.cases.indices {
            let actual = try Self.screen(of: file.cases[index].directive)
            if GoldenFile.isRewriting {
                file.cases[index].expected = actual
            } else {
                #expect(actual == file.cases[index].expected, "\(name), the case at line \(file.cases[index].line)")
            }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
    }

    private static func screen(of directive: String) throws -> String {
        let show = try #require(directive.split(separator: "\n").first { $0.hasPrefix("# show ") })
        let words = show.split(separator: " ").dropFirst(2)
        let numbers = try #require(words.first).split(separator: "x").compactMap { Int($0) }
        let size = ScreenSize(columns: numbers[0], rows: numbers[1])
        let (session, now) = try run(Scenario(directive))
        var control = ScreenControl()
        let keys: [Substring: ScreenKey] = ["down": .down, "up": .up, "enter": .enter, "help": .help, "pause": .pause]
        for word in words.dropFirst() {
            // A word that is no key is typed.
            let typed = keys[word].map { [$0] } ?? ScreenKey.keys(in: Array(word.utf8), isTyping: control.isTyping)
            for key in typed {
                let (order, troubled) = session.listed(matching: control.filter, by: control.order)
                let page = Screen.capacity(size, showsLog: control.showsLog)
                let goesOn = control.press(key, order: order, troubled: troubled, page: page)
                #expect(goesOn)
            }
        }
        var options = TextReport.Options()
        options.time = .utc
        let order = session.listed(matching: control.filter, by: control.order).order
        let state = session.screen(at: now, control, order: order, size, options)
        let lines = Screen.draw(state, size, style: .plain)
        #expect(lines.count == size.rows)
        #expect(lines.allSatisfy { $0.count <= size.columns })
        return lines.map { "|\($0)" }.joined(separator: "\n")
    }

    /// Runs a session up to the end of a scenario, ticking when it asks for it.
    private static func run(_ scenario: Scenario) -> (LiveSession, CaptureInstant) {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        session.append(interface: "eth0")
        var now = Scenario.epoch
        for input in scenario.inputs {
            while let instant = input.instant, now + .milliseconds(50) < instant {
                now = now + .milliseconds(50)
                while session.wait(from: now) == .zero { _ = session.tick(at: now) }
            }
            now = input.instant ?? now
            switch input {
            case .frame(let bytes, let sighting):
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
            case .blindSpot(let blindSpot): session.take(blindSpot)
            case .advance, .finish: break
            }
            repeat { _ = session.tick(at: now) } while session.wait(from: now) == .zero
        }
        return (session, now)
    }

    @Test func statusSaysWhatIsUrgentFirst() {
        var status = LiveStatus()
        status.virtualRouters = 3
        status.mastered = 1
        status.split = 1
        status.masterless = 1
        status.findings = [.critical: 2, .notice: 1]
        status.advertsPerSecond = 2.96
        status.dropped = 7
        status.blindInterfaces = ["eth\u{1b}1"]
        #expect(
            status.line(columns: 200)
                == "blind on eth\\x1b1  3 virtual routers: 1 with a master, 1 split, 1 without  "
                + "3 open findings (2 critical, 1 notice)  3.0 adverts/s  7 dropped"
        )
        #expect(
            status.line(columns: 100)
                == "blind on eth\\x1b1  3 VR: 1 mastered, 1 split, 1 none  2 critical, 1 notice  3.0/s  7 dropped"
        )
        #expect(status.line(columns: 20).count == 20)
    }

    @Test func keysInWhatATerminalSends() {
        let typed = Array("\u{1b}[Aj\u{1b}[B\u{1b}OA\u{1b}[5~x\rq\u{1b}".utf8)
        #expect(ScreenKey.keys(in: typed) == [.up, .down, .down, .up, .pageUp, .enter, .quit, .back])
        // No byte and no half of a sequence is a trap.
        for end in typed.indices { _ = ScreenKey.keys(in: Array(typed[..<end])) }
        for byte in UInt8.min...UInt8.max { _ = ScreenKey.keys(in: [0x1b, byte]) }
    }

    @Test func aMouseSelectsAndScrolls() {
        let told = Array(
            "\u{1b}[<0;7;6M\u{1b}[<0;7;6m\u{1b}[<64;1;1M\u{1b}[<65;1;1M\u{1b}[<2;7;6M\u{1b}[<0;;M\u{1b}[<0;1;0M".utf8
        )
        #expect(ScreenKey.keys(in: told) == [.click(line: 5), .up, .up, .up, .down, .down, .down])
        for end in told.indices { _ = ScreenKey.keys(in: Array(told[..<end])) }

        var control = ScreenControl()
        func click(_ line: Int) { _ = control.press(.click(line: line), order: [4, 2, 7, 9, 1], page: 3) }
        click(6)
        #expect(control.selected == 7 && control.view == .list)
        // The list has moved so that the selected row is in its middle.
        click(6)
        #expect(control.selected == 9)
        for beside in [0, 3, 7, 400] { click(beside) }
        #expect(control.selected == 9 && control.view == .list)
        click(5)
        #expect(control.view == .details)
    }

    @Test func logIsAPartThenAllThenGone() {
        var control = ScreenControl()
        func press(_ key: ScreenKey) { _ = control.press(key, order: [1], page: 5) }
        press(.log)
        #expect(control.view == .list && control.showsLog)
        press(.log)
        #expect(control.view == .log)
        press(.up)
        press(.up)
        press(.down)
        #expect(control.scroll == 1)
        press(.log)
        #expect(control.view == .list && !control.showsLog)
    }

    @Test func logShowsTheLatestAndWhatWasBefore() {
        var state = ScreenState(title: "vrrpwatch", clock: "now", status: LiveStatus())
        state.log = (1...30).map { "event \($0)" }
        func draw() -> [String] { Screen.draw(state, ScreenSize(columns: 40, rows: 15), style: .plain) }
        #expect(draw().contains("event 30") && !draw().contains("event 29"))
        state.showsLog = true
        #expect(Array(draw().dropLast().suffix(5)) == (26...30).map { "event \($0)" })
        state.view = .log
        #expect(Array(draw().dropFirst(3).dropLast()) == (20...30).map { "event \($0)" })
        state.scroll = 5
        #expect(Array(draw().dropFirst(3).dropLast()) == (15...25).map { "event \($0)" })
        state.scroll = 500
        #expect(Array(draw().dropFirst(3).dropLast()) == (1...11).map { "event \($0)" })
    }

    @Test func aFilterIsTypedKeptAndDropped() {
        var control = ScreenControl()
        func press(_ text: String) {
            for key in ScreenKey.keys(in: Array(text.utf8), isTyping: control.isTyping) {
                _ = control.press(key, order: [4, 2, 7], troubled: [4], page: 3)
            }
        }
        press("/ab\u{7f}q")
        #expect(control.filter == "aq" && control.isTyping)
        press("n\r")
        #expect(control.filter == "aqn" && !control.isTyping)
        press("n")
        #expect(control.selected == 4)
        press("j")
        #expect(control.selected == 2)
        press("n")
        #expect(control.selected == 4)
        press("\u{1b}")
        #expect(control.filter == nil)
        press("/\r")
        #expect(control.filter == nil && !control.isTyping)
        press("/" + String(repeating: "x", count: 500))
        #expect(control.filter?.count == 60)
    }

    @Test("every size has as many lines as it should", arguments: [(0, 0), (1, 1), (5, 3), (20, 8), (300, 100)])
    func sizes(columns: Int, rows: Int) throws {
        let scenario = try Scenario("router A 10.0.0.1\n0..9 every 1 A\n9.5 end\n")
        let (session, now) = Self.run(scenario)
        var control = ScreenControl()
        let order = session.listed(matching: nil, by: .trouble).order
        for key in [ScreenKey.down, .enter, .down, .help, .log, .log, .log] {
            _ = control.press(key, order: order, page: 1)
            let size = ScreenSize(columns: columns, rows: rows)
            let state = session.screen(at: now, control, order: order, size, TextReport.Options())
            let lines = Screen.draw(state, size, style: .plain)
            #expect(lines.count == max(rows, 1))
            #expect(lines.allSatisfy { $0.count <= columns })
        }
    }
}

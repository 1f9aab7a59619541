import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker

/// The words that `vrrpwatch explain` explains.
@Suite struct TermTests {
    @Test("every cause, state and kind of incident that a report may name is explained")
    func allWordsOfReports() {
        for cause in Transition.Cause.allCases { #expect(Term[cause.rawValue]?.group == .cause, "\(cause)") }
        for state in [TimelineInterval.State.master, .split, .none, .notObserved, .uncertain] {
            #expect(Term[state.rawValue]?.group == .state, "\(state)")
        }
        let kinds = [
            "router-lost", "router-returned", "planned-handover", "split", "isolated", "stall", "configuration-change",
            "address-conflict", "other",
        ]
        for kind in kinds { #expect(Term[kind] != nil, "\(kind)") }
        for basis in ["heard", "inferred"] { #expect(Term[basis]?.name == "basis") }
    }

    @Test("every column of a report is explained, apart from those that say what they hold")
    func allColumns() throws {
        let plain: Set = ["FROM", "TO", "FOR", "AT", "STATE", "MASTERS", "ROUTER", "MAC", "VIRTUAL ROUTERS", "NAME"]
        let text = TextReport.render(try IncidentGoldenTests.document("crash-failover"), Self.wide)
        var titles = Set(["MASTER AT THE END", "CHANGES", "NO MASTER FOR", "VERDICT"])
        for line in text.split(separator: "\n") where line.hasPrefix("  ") {
            let cells = line.dropFirst(2).split(separator: #/ {2,}/#)
            guard cells.count > 2, cells.allSatisfy({ $0.allSatisfy { $0.isUppercase || $0.isNumber || $0 == " " } })
            else {
                continue
            }
            guard cells.contains(where: { $0.contains(where: \.isLetter) }) else { continue }
            titles.formUnion(cells.map(String.init))
        }
        #expect(titles.count > 15)
        for title in titles.subtracting(plain) { #expect(Term[title] != nil, "\(title)") }
    }

    private static var wide: TextReport.Options {
        var options = TextReport.Options()
        options.width = 250
        return options
    }

    @Test("each name is that of one thing, and each reference leads somewhere")
    func namesAreDistinct() {
        let names = Term.all.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
        for term in Term.all {
            #expect(term.name == Term.lookup(term.name))
            #expect(term.summary.hasSuffix("."), "\(term.name)")
            for word in term.related {
                #expect(
                    Catalogue[word] != nil || Term[word] != nil || word == CapturePage.name,
                    "\(term.name): \(word)"
                )
            }
        }
    }

    @Test func pagesFitTheLine() {
        let pages = Term.all.map { $0.page(width: 60, style: .plain) } + [Term.list(width: 60, style: .plain)]
        for page in pages { #expect(page.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(page)") }
        let capture = CapturePage.render(width: 80, style: .plain)
        #expect(capture.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("a word is found in any case, with spaces or hyphens")
    func lookup() {
        #expect(Term["Master Down Interval"]?.name == "master-down-interval")
        #expect(Term["TO FAILOVER"]?.name == "margin")
        #expect(Term["advert_int"]?.name == "interval")
        #expect(Term["nonsense"] == nil)
    }

    @Test(
        "what is nearly a word leads to it, and what is none to nothing",
        arguments: [
            ("splitbrain", "split-brain"), ("tiemout", "timeout"), ("margn", "margin"), ("resign", "resigned"),
            ("MISSED ADVERTS", "missed-adverts"), ("vird", "vrid"),
        ]
    )
    func nearMisses(typed: String, word: String) {
        #expect(NearMiss.of(typed, among: Term.allNames) == word)
        #expect(NearMiss.of("xylophone", among: Term.allNames) == nil)
        #expect(NearMiss.of("q", among: Term.allNames) == nil)
    }
}

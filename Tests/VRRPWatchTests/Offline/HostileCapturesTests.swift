import Foundation
import Testing
import VRRPTestSupport

/// Captures in which somebody forges frames, or that are made to mislead; `VRRPWATCH_REWRITE=1` rewrites the table.
@Suite struct HostileCapturesTests {
    static let fixtures = SourceTree.url("Fixtures").appending(path: "Hostile")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? [])
        .filter { $0.contains(".pcap") }.sorted()

    private struct Document: Decodable {
        struct VirtualRouter: Decodable {
            struct Interval: Decodable {
                var start: String
                var state: String
                var masters: [String]
            }

            var vrid: Int
            var timeline: [Interval]
        }

        struct Finding: Decodable {
            var severity: String
            var id: String
            var routers: [String]
            var count: Int
        }

        var virtualRouters: [VirtualRouter]
        var findings: [Finding]
    }

    private static let mostRows = 12

    @Test func theTableHoldsEachCapture() throws {
        #expect(Self.names.count >= 9)
        let folder = try Folder()
        var table = ""
        for name in Self.names {
            try FileManager.default.copyItem(
                atPath: Self.fixtures.appending(path: name).path,
                toPath: folder.path(name)
            )
            let result = try Tool.run(["analyze", "--json", name], in: folder)
            let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
            table += "\(name): status \(result.status)\n\(result.errors)"
            table += lines(
                document.findings.map { finding in
                    let routers = finding.routers.prefix(4).joined(separator: " ")
                    return "    \(finding.severity) \(finding.id) \(routers) ×\(finding.count)"
                }
            )
            table += lines(
                document.virtualRouters.flatMap { virtualRouter in
                    virtualRouter.timeline.map { interval in
                        let masters = interval.masters.prefix(4).joined(separator: " ")
                        return
                            "    VRID \(virtualRouter.vrid) \(interval.start.dropFirst(11)) \(interval.state) \(masters)"
                    }
                }
            )
        }
        let expected = Self.fixtures.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["VRRPWATCH_REWRITE"] != nil {
            try table.write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: expected, encoding: .utf8) == table)
    }

    /// Lists lines, the first ones of too many.
    private func lines(_ all: [String]) -> String {
        let rest = all.count - Self.mostRows
        let shown = all.prefix(Self.mostRows).map { $0 + "\n" }.joined()
        return rest > 0 ? shown + "    and \(rest) more\n" : shown
    }

    @Test func noCellOfATableIsAFormula() throws {
        let folder = try Folder()
        let path = Self.fixtures.appending(path: "evil.pcapng").path
        #expect(try Tool.run(["report", path, "-o", folder.path("a.csv")], in: folder).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("")).filter { $0.hasSuffix(".csv") }
        #expect(names.count > 2)
        for name in names {
            let text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
            #expect(!hasFormula(text))
        }
    }

    /// Whether a cell of a table, without its quotes, begins like a formula.
    private func hasFormula(_ table: String) -> Bool {
        var (isQuoted, isAtStart) = (false, true)
        for byte in table.utf8 {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                continue
            case UInt8(ascii: ","), 10, 13:
                if !isQuoted {
                    isAtStart = true
                    continue
                }
            case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "@"), 9:
                if isAtStart { return true }
            default: break
            }
            isAtStart = false
        }
        return false
    }
}

import Foundation
import Testing
import VRRPTestSupport

/// `vrrpwatch report` on its command line.
@Suite struct ReportCommandTests {
    private static let capture = SourceTree.url("Fixtures/Captures/crash-failover/capture.pcap").path

    private func report(_ arguments: String..., in folder: Folder) throws -> Tool.Result {
        try Tool.run(["report", Self.capture] + arguments, in: folder)
    }

    @Test("the form follows the ending or --format")
    func forms() throws {
        let folder = try Folder()
        for (name, beginning) in [("a.html", "<!DOCTYPE html>"), ("a.md", "# "), ("a.json", "{\n  \"schema\"")] {
            #expect(try report("-o", folder.path(name), in: folder).status == 0)
            #expect(try String(contentsOfFile: folder.path(name), encoding: .utf8).hasPrefix(beginning))
        }
        #expect(try report("--format", "markdown", "-o", "-", in: folder).output.hasPrefix("# "))
        #expect(try report("--format", "csv", "-o", "-", in: folder).output.hasPrefix("virtual_router,vrid,time,"))
        #expect(try report("-o", folder.path("a.csv"), in: folder).status == 0)
        for table in ["transitions", "intervals", "gaps"] {
            let text = try String(contentsOfFile: folder.path("a-\(table).csv"), encoding: .utf8)
            #expect(text.hasPrefix("virtual_router,vrid,"))
        }
    }

    @Test("a report that is there is replaced behind its link, with its permissions")
    func replaced() throws {
        let folder = try Folder()
        try folder.write([UInt8]("old".utf8), to: "real.md")
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path("real.md"))
        try manager.createSymbolicLink(atPath: folder.path("link.md"), withDestinationPath: "real.md")
        #expect(try report("-o", folder.path("link.md"), in: folder).status == 0)
        #expect(try manager.destinationOfSymbolicLink(atPath: folder.path("link.md")) == "real.md")
        #expect(try String(contentsOfFile: folder.path("real.md"), encoding: .utf8).hasPrefix("# "))
        let attributes = try manager.attributesOfItem(atPath: folder.path("real.md"))
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        let names = try manager.contentsOfDirectory(atPath: folder.path(""))
        #expect(!names.contains { $0.hasSuffix(".tmp") }, "\(names)")
    }

    @Test("JSON is what analyze prints")
    func sameJSON() throws {
        let folder = try Folder()
        let analyzed = try Tool.run(["analyze", "--json", Self.capture], in: folder)
        #expect(try report("--format", "json", "-o", "-", in: folder).output == analyzed.output)
    }

    @Test("narrowing, title and time zone show")
    func narrowed() throws {
        let folder = try Folder()
        let all = try report("--format", "markdown", "--utc", "-o", "-", in: folder).output
        let first = try #require(all.firstMatch(of: /T(\d\d:\d\d:\d\d)/)?.1)
        let result = try report(
            "--format",
            "markdown",
            "--timezone",
            "Asia/Kolkata",
            "--from",
            "\(first)Z",
            "--vrid",
            "51",
            "--segment",
            "untagged",
            "--title",
            "Shop *down*",
            "-o",
            "-",
            in: folder
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("# Shop \\*down\\*\n"))
        #expect(result.output.contains("+05:30"))
        #expect(result.output.contains("(times: Asia/Kolkata)"))
        #expect(result.output.contains("Narrowed: --from \(first)Z --vrid 51 --segment untagged"))
        #expect(result.output.contains("--title 'Shop *down*' --from \(first)Z"))
    }

    @Test(
        "what makes no sense is refused before anything is written",
        arguments: [
            ["-o", "x.txt"], [], ["-o", "x.html", "--vrid", "0"], ["-o", "x.html", "--from", "soon"],
            ["-o", "x.html", "--timezone", "Mars/Olympus"], ["-o", "x.html", "--vrid", "52"],
            ["-o", "x.html", "--format", "ndjson"], ["-o", "x.html", "--utc", "--timezone", "UTC"],
            ["-o", "x.html", "--from", "2030-01-01T00:00Z"],
        ]
    )
    func refused(arguments: [String]) throws {
        let folder = try Folder()
        let named = arguments.map { $0.hasPrefix("x.") ? folder.path($0) : $0 }
        let result = try Tool.run(["report", Self.capture] + named, in: folder)
        #expect(result.status == 64, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("x.html")))
    }

    @Test("pages come from analyze too")
    func pages() throws {
        let folder = try Folder()
        let html = try Tool.run(["analyze", Self.capture, "--format", "html", "--utc"], in: folder)
        #expect(html.output.hasPrefix("<!DOCTYPE html>"))
        #expect(html.output.contains("--format html --utc -o report.html"))
        #expect(try Tool.run(["analyze", Self.capture, "--format", "csv"], in: folder).status == 64)
    }
}

import Foundation
import Testing
import VRRPTestSupport

/// Every kind of damage, by the exit status and what is said; `VRRPWATCH_REWRITE=1` rewrites the table.
@Suite struct DamagedFilesTests {
    static let fixtures = SourceTree.url("Fixtures")

    private struct Document: Decodable {
        struct Capture: Decodable {
            struct Problem: Decodable {
                var kind: String
                var offset: Int?
                var frame: Int?
                var message: String
            }

            var adverts: Int
            var packets: Int
            var problems: [Problem]
        }

        var captures: [Capture]
    }

    @Test func tableOfDamage() throws {
        let folder = try Folder()
        let damaged = Self.fixtures.appending(path: "Damaged")
        let names = try FileManager.default.contentsOfDirectory(atPath: damaged.path).filter { $0 != "expected.txt" }
        #expect(names.count >= 20)
        var table = ""
        for name in names.sorted() {
            try FileManager.default.copyItem(
                atPath: damaged.appending(path: name).path,
                toPath: folder.path(name)
            )
            for options in [[], ["--salvage"]] {
                let result = try Tool.run(["analyze", "--json"] + options + [name], in: folder)
                let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
                let capture = try #require(document.captures.first)
                table += ([name] + options).joined(separator: " ")
                table += ": status \(result.status), \(capture.adverts) of \(capture.packets) packets are adverts\n"
                table += result.errors
                for problem in capture.problems {
                    let place = "offset \(problem.offset ?? -1), frame \(problem.frame ?? -1)"
                    table += "    \(problem.kind), \(place): \(problem.message)\n"
                }
            }
        }
        let expected = damaged.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["VRRPWATCH_REWRITE"] != nil {
            try table.write(to: expected, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: expected, encoding: .utf8) == table)
    }

    @Test func compressedCapturesAndStandardInput() throws {
        let folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: Array(stride(from: 0, to: 20_000, by: 1000))), to: "a.pcap")
        let plain = try Tool.run(["analyze", "a.pcap"], in: folder)
        for (program, ending) in [("gzip", "gz"), ("zstd", "zst")]
        where FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)") {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/\(program)")
            process.arguments = ["-k", "-q", folder.path("a.pcap")]
            try process.run()
            process.waitUntilExit()
            let packed = "a.pcap.\(ending)"
            let named = try Tool.run(["analyze", packed], in: folder)
            #expect(named.status == 0 && named.errors.isEmpty)
            #expect(named.output == plain.output.replacing("a.pcap", with: packed))
            let piped = try Tool.run(["analyze", "-"], input: folder.path(packed), in: folder)
            #expect(piped.output.contains("20 advertisements"))
            let json = try Tool.run(["analyze", "--json", packed], in: folder)
            #expect(json.output.contains(#""compression": "\#(program)""#))
        }
    }
}

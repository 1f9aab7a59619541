import Foundation
import Testing
import VRRPTestSupport

/// Files whose names are no UTF-8.
@Suite struct FileNameTests {
    /// Runs a script of sh(1) in a folder, in which `$VRRPWATCH` is the program.
    private static func run(_ script: String, in folder: Folder) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-eu", "-c", script]
        shell.environment = [
            "TZ": "UTC", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "VRRPWATCH": try #require(Tool.url).path,
        ]
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
    }

    @Test func theyAreReadAndWrittenLikeOthers() throws {
        let folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: Array(stride(from: 0, to: 20_000, by: 1000))), to: "plain.pcap")
        try Self.run(
            #"""
            name=$(printf 'r\377\303(.pcap'); mkdir ring; cp plain.pcap "ring/$name"; cp plain.pcap "$name"
            "$VRRPWATCH" analyze "$name" >text
            "$VRRPWATCH" analyze --json "$name" >json
            "$VRRPWATCH" analyze ring >ring.text
            "$VRRPWATCH" report "$name" -o "$(printf 'out\376.html')"
            "$VRRPWATCH" extract "$name" -w "$(printf 'kept\376.pcapng')"
            mv "$(printf 'out\376.html')" out.html; mv "$(printf 'kept\376.pcapng')" kept.pcapng
            "$VRRPWATCH" analyze "$(printf 'missing\377')" 2>missing && exit 1 || echo $? >status
            """#,
            in: folder
        )
        #expect(try folder.text("text").contains(#"r\xff\xc3(.pcap"#))
        #expect(try folder.text("ring.text").contains("20 advertisements"))
        let document = try JSONDecoder().decode(Document.self, from: Data(folder.text("json").utf8))
        #expect(document.captures.map(\.source) == [#"r\xff\xc3(.pcap"#])
        let page = try folder.text("out.html")
        #expect(page.contains(#"r\xff\xc3(.pcap"#))
        // A shell reads the command line back as these bytes.
        #expect(page.contains(#"$&#39;r\xff\xc3(.pcap&#39;"#))
        #expect(try folder.text("missing").contains(#"missing\xff: "#))
        #expect(try folder.text("status") == "3\n")
        let kept = try Tool.run(["analyze", "kept.pcapng"], in: folder)
        #expect(kept.output.contains("20 advertisements"))
    }

    private struct Document: Decodable {
        struct Capture: Decodable {
            var source: String
        }

        var captures: [Capture]
    }
}

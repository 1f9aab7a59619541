import Foundation
import Testing
import VRRPTestSupport

/// The command line as scripts rely on it.
@Suite struct CommandTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: [0, 1000, 2000, 3000]), to: "first.pcap")
        try folder.write(Pcap.capture(router: 2, priority: 90, at: [6609, 7609, 8609]), to: "second.pcap")
    }

    private func run(_ arguments: String...) throws -> Tool.Result { try Tool.run(arguments, in: folder) }

    // MARK: Help

    @Test(arguments: [[], ["watch"], ["analyze"], ["report"], ["decode"], ["explain"], ["interfaces"]])
    func helpShowsExamplesFirst(command: [String]) throws {
        let result = try Tool.run(command + ["--help"], in: folder)
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let example = try #require(result.output.range(of: "Example"))
        let usage = try #require(result.output.range(of: "USAGE: vrrpwatch"))
        #expect(example.upperBound < usage.lowerBound)
        #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func helpOffersOnlyWhatThereIs() throws {
        let help = try run("--help").output
        #expect(!help.contains("  open"))
    }

    @Test func version() throws {
        let result = try run("--version")
        #expect(result.status == 0)
        #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    // MARK: Reports

    @Test func filesAreAnalysed() throws {
        let result = try run("first.pcap", "second.pcap")
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("\n1 virtual router, 1 change of master in 8.609 s"))
    }

    @Test func theOrderOfFilesDoesNotMatter() throws {
        let there = try run("first.pcap", "second.pcap", "--json").output
        let back = try run("analyze", "second.pcap", "first.pcap", "--json").output
        func timeline(_ text: String) throws -> NSArray {
            let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
            let routers = try #require(object["virtualRouters"] as? [NSDictionary])
            return try #require(routers.first?["timeline"] as? NSArray)
        }
        #expect(try timeline(there) == (try timeline(back)))
    }

    @Test func aDashIsStandardInput() throws {
        let direct = try run("first.pcap", "--utc").output.replacing("first.pcap", with: "standard input")
        let piped = try Tool.run(["-", "--utc"], input: folder.path("first.pcap"), in: folder)
        #expect(piped.status == 0)
        // Names of other lengths break lines elsewhere.
        #expect(piped.output.split(whereSeparator: \.isWhitespace) == direct.split(whereSeparator: \.isWhitespace))
    }

    @Test func decodePrintsALineEach() throws {
        let result = try run("decode", "first.pcap", "second.pcap", "--json")
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines.allSatisfy { $0.hasPrefix(#"{"schema":"vrrpwatch.packet/1","capture":"#) })
        #expect(try run("decode", "-c", "2", "first.pcap").output.split(separator: "\n").count == 2)
    }

    @Test func filesAreFiltered() throws {
        let files = ["first.pcap", "second.pcap"]
        let result = try Tool.run(["decode", "-f", "src host 10.0.0.2"] + files, in: folder)
        #expect(result.output.split(separator: "\n").count == 3)
        #expect(try Tool.run(["-f", "src host 10.0.0.2"] + files, in: folder).output.contains("0 changes of master"))
    }

    @Test func localTimeHasAnOffset() throws {
        let result = try Tool.run(["decode", "first.pcap"], environment: ["TZ": "Asia/Kathmandu"], in: folder)
        #expect(result.output.hasPrefix("2026-01-01T05:45:00.000000+05:45 "))
        #expect(try run("decode", "first.pcap", "--utc").output.hasPrefix("2026-01-01T00:00:00.000000Z "))
    }

    @Test func colourOnlyWhenAskedForOutsideATerminal() throws {
        #expect(try !run("first.pcap").output.contains("\u{1b}"))
        #expect(try run("first.pcap", "--color", "always").output.contains("\u{1b}"))
    }

    // MARK: Output

    @Test func aFileGetsItsNameWhenItIsWhole() throws {
        #expect(try run("first.pcap", "--json", "-o", "report.json").status == 0)
        #expect(try folder.text("report.json").hasPrefix("{\n  \"schema\""))
        #expect(try run("first.pcap", "-o", "report.json").status == 0)
        #expect(try folder.text("report.json").contains("\n1 virtual router"))
        #expect(Set(try folder.names) == ["first.pcap", "second.pcap", "report.json"])
    }

    @Test func aFailedRunLeavesTheFileAlone() throws {
        try folder.write(Array("precious".utf8), to: "report.json")
        #expect(try run("missing.pcap", "neither.pcap", "-o", "report.json").status == 3)
        #expect(try folder.text("report.json") == "precious")
        #expect(Set(try folder.names) == ["first.pcap", "second.pcap", "report.json"])
    }

    @Test(arguments: [["first.pcap"], ["decode", "first.pcap"], ["--help"], ["first.pcap", "-o", "/dev/full"]])
    func aFullDiskIsStatus5(arguments: [String]) throws {
        let result = try Tool.run(arguments, environment: ["OUT": "/dev/full"], in: folder)
        #expect(result.status == 5)
        #expect(result.errors.contains("No space left on device"))
    }

    @Test func aReaderThatGoesAwayIsSuccess() throws {
        let times = Array(stride(from: 0, to: 20_000_000, by: 1000))
        try folder.write(Pcap.capture(router: 1, at: times), to: "long.pcap")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let tool = try #require(Tool.url)
        shell.arguments = ["-c", #"("$0" decode long.pcap; echo $? >status) | head -n 1 >/dev/null"#, tool.path]
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        #expect(try folder.text("status") == "0\n")
    }

    // MARK: Damaged input

    @Test func damagedInputIsReportedAndStatus2() throws {
        let whole = Pcap.capture(router: 1, at: [0, 1000, 2000, 3000])
        try folder.write(Array(whole.dropLast(10)), to: "cut.pcap")
        let result = try run("cut.pcap")
        #expect(result.status == 2)
        #expect(result.output.contains("\n1 virtual router"))
        #expect(result.errors.hasPrefix("vrrpwatch: cut.pcap: offset 234: "))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(try run("cut.pcap", "--fail-on", "notice").status == 2)
        #expect(try run("decode", "cut.pcap").status == 2)
    }

    @Test(arguments: [[], Array("not a capture at all".utf8)])
    func whatIsNoCaptureIsDamaged(bytes: [UInt8]) throws {
        try folder.write(bytes, to: "bad.pcap")
        let result = try run("bad.pcap", "--json")
        #expect(result.status == 2)
        #expect(result.errors.contains("bad.pcap: offset 0: "))
        #expect(result.output.hasPrefix("{"))
        #expect(try run("bad.pcap", "first.pcap").output.contains("\n1 virtual router"))
    }

    // MARK: What cannot start

    @Test func missingSourcesAreStatus3() throws {
        for arguments in [["missing.pcap"], ["analyze", "missing.pcap"], ["watch", "missing0"], ["/proc/self/ns"]] {
            let result = try Tool.run(arguments, in: folder)
            #expect(result.status == 3, "\(arguments)")
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("vrrpwatch: "))
        }
    }

    @Test func hostileNamesDoNotReachTheTerminal() throws {
        let errors = try run("a\u{1b}[2Jb.pcap").errors
        #expect(errors.hasPrefix(#"vrrpwatch: a\x1b[2Jb.pcap: "#))
        #expect(try !run("--\u{1b}[2J").errors.contains("\u{1b}"))
    }

    @Test func aNameForTwoThingsIsRefused() throws {
        try folder.write([], to: "lo")
        let result = try run("lo")
        #expect(result.status == 64)
        #expect(result.errors.contains("-i lo"))
        #expect(result.errors.contains("-r lo"))
        #expect(try run("-r", "lo").status == 2)
    }

    @Test(arguments: [
        ["--utc", "analyze", "first.pcap"], ["--wait", "watch", "lo"], ["-q", "decode", "first.pcap"],
        ["--utc", "report"], ["--utc", "extract"], ["--utc", "check"], ["--utc", "explain"], ["--utc", "interfaces"],
        ["--utc", "service"],
    ])
    func aCommandBehindOptionsIsSaidToBeOne(arguments: [String]) throws {
        let result = try Tool.run(arguments, in: folder)
        #expect(result.status == 64)
        #expect(result.errors.contains("'\(arguments[1])' is a command; put it before the options"))
        // A file of that name is one, whatever else the name may mean.
        try folder.write(Pcap.capture(router: 1, at: [0]), to: arguments[1])
        #expect(try !run(arguments[0], "-r", arguments[1]).errors.contains("is a command"))
    }

    /// Nothing but packets goes to standard output with `-w -`.
    @Test(arguments: [
        (["--screen"], "--screen and -w - contradict each other"), (["-o", "-"], "-o - and -w - both write"),
        (["--json"], "--format ndjson and -w - both write"), (["--once", "5"], "--once and -w - both write"),
        (["-C", "1"], "-C and -G begin new files"), (["-G", "1", "-W", "2"], "-C and -G begin new files"),
        (["--sensor", "a/b"], "--sensor a/b is no name"), (["--sensor", ""], "--sensor  is no name"),
    ])
    func aStreamSharesStandardOutputWithNothing(options: [String], message: String) throws {
        let result = try Tool.run(["watch", "lo", "-w", "-"] + options, in: folder)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test(arguments: [
        [], ["--nonsense"], ["analyze"], ["-c", "0", "first.pcap"], ["--format", "pdf", "first.pcap"],
        ["--format", "ndjson", "first.pcap"], ["--json", "--format", "text", "first.pcap"], ["-q", "-v", "first.pcap"],
        ["--color", "perhaps", "first.pcap"], ["--fail-on", "doom", "first.pcap"], ["explain", "nonsense"], ["-", "-"],
        ["-s", "100", "first.pcap"], ["-f", "such nonsense", "first.pcap"], ["lo", "first.pcap"],
        ["watch", "lo", "--sensor", "lab"],
    ])
    func wrongUsageIsStatus64(arguments: [String]) throws {
        let result = try Tool.run(arguments, in: folder)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(!result.errors.isEmpty)
    }
}

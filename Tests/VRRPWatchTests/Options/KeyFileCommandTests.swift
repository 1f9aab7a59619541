import Foundation
import Testing
import VRRPTestSupport

/// Keys on the command line's terms: from files that are their owner's alone, and never in any output.
@Suite struct KeyFileCommandTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        try write("s3cret\n", to: "keys", mode: 0o600)
    }

    private func write(_ text: String, to name: String, mode: Int) throws {
        try folder.write(Array(text.utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path(name))
    }

    private func recording(_ name: String) -> String {
        SourceTree.url("Fixtures/Captures/\(name)/capture.pcap").path
    }

    private func run(_ arguments: String...) throws -> Tool.Result { try Tool.run(arguments, in: folder) }

    // MARK: Files

    @Test("what others can read is refused", arguments: [0o640, 0o604, 0o602, 0o610, 0o777])
    func openFiles(mode: Int) throws {
        try write("hunter2", to: "keys", mode: mode)
        for command in [["analyze"], ["decode"], ["extract", "-w", "-"], ["report", "-o", "out.html"], []] {
            let result = try Tool.run(command + ["--key-file", "keys", recording("ah-auth")], in: folder)
            #expect(result.status == 3)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("keys: other users can read"))
            #expect(result.errors.contains("chmod 600 keys"))
            #expect(!result.errors.contains("hunter2"))
        }
        #expect(try !folder.names.contains("out.html"))
    }

    @Test func whatIsNotThereIsNamed() throws {
        let missing = try run("--key-file", "missing", recording("ah-auth"))
        #expect(missing.status == 3)
        #expect(missing.errors.contains("missing: the key file cannot be read: No such file or directory"))
        let folder = try run("--key-file", ".", recording("ah-auth"))
        #expect(folder.status == 3)
        #expect(folder.errors.contains("cannot hold keys"))
    }

    @Test func whatMeansNothingIsNamedByLine() throws {
        try write("# keys\nhunter2 hunter3\n", to: "keys", mode: 0o600)
        let result = try run("--key-file", "keys", recording("ah-auth"))
        #expect(result.status == 3)
        #expect(result.errors.contains("keys:2: there is more than one word"))
        #expect(!result.errors.contains("hunter"))
    }

    @Test func aPipeWillDo() throws {
        let shell = #"umask 077; mkfifo p; (printf 's3cret\n' > p &) ; "$0" decode --json --key-file p "$1""#
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", shell, try #require(Tool.url).path, recording("ah-auth")]
        process.currentDirectoryURL = folder.url
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(output.contains(#""verification":"valid","givenKey":"p:1""#))
    }

    // MARK: Recordings

    @Test func theRecordingsVerify() throws {
        for name in ["ah-auth", "ah-key-mismatch"] {
            let lines = try run("decode", "--json", "--key-file", "keys", recording(name)).output.split(separator: "\n")
            let headers = lines.filter { $0.contains(#""type":"ah""#) }
            #expect(headers.count >= 10)
            for line in headers {
                let isOther = name == "ah-key-mismatch" && line.contains(#""source":"10.51.0.2""#)
                #expect(line.contains(#""verification":"\#(isOther ? "invalid" : "valid")""#), "\(line)")
                #expect(line.contains(#""spiIsSource":true"#))
            }
        }
    }

    @Test func theMismatchIsProven() throws {
        let name = recording("ah-key-mismatch")
        let report = try run(name, "--json", "--key-file", "keys").output
        #expect(report.contains(#""id": "ah-invalid""#))
        #expect(report.contains("10.51.0.1 uses the given key in an Authentication Header"))
        #expect(report.contains("10.51.0.2 uses another than the given key in an Authentication Header"))
        let genuine = try run(recording("ah-auth"), "--key-file", "keys", "--fail-on", "critical")
        #expect(genuine.status == 0)
        #expect(genuine.output.contains("ah (made with keys:1)"))
        // Every form of the report says it, and an extract bears it as comments.
        for file in ["report.html", "report.md", "report.json"] {
            #expect(try run("report", name, "--key-file", "keys", "-o", file).status == 0)
            let text = try folder.text(file)
            #expect(text.contains("ah-invalid") && text.contains("keys:1"))
        }
        #expect(try run("extract", name, "--key-file", "keys", "-w", "extract.pcapng").status == 0)
        let extract = try Data(contentsOf: folder.url.appending(path: "extract.pcapng"))
        #expect(extract.range(of: Data("vrrpwatch: ah-invalid:".utf8)) != nil)
        let again = try run("extract.pcapng", "--json", "--key-file", "keys").output
        #expect(again.contains(#""id": "ah-invalid""#))
    }

    @Test func aKeyForAnotherIsNoEvidence() throws {
        try write("vrid=52 hunter2\nsegment=vlan10 hunter3\nid=1 hunter4\n", to: "keys", mode: 0o600)
        let result = try run(recording("ah-auth"), "--key-file", "keys", "--fail-on", "critical")
        #expect(result.status == 0)
        #expect(!result.output.contains("given key"))
    }

    // MARK: Secrets

    @Test(arguments: [
        ["analyze"], ["analyze", "-v"], ["analyze", "--json"], ["decode", "-v"], ["decode", "--json"],
    ])
    func aKeyIsNeverPrinted(command: [String]) throws {
        for name in ["ah-auth", "ah-key-mismatch"] {
            // Not even where passwords on the wire are asked for: this one is not on it.
            for option in [[], ["--show-secrets"]] {
                let arguments = command + option + ["--key-file", "keys", recording(name)]
                let result = try Tool.run(arguments, in: folder)
                #expect(result.status == 0)
                #expect(!result.output.contains("s3cret") && !result.errors.contains("s3cret"))
            }
        }
    }
}

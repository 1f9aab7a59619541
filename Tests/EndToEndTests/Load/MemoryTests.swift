import Foundation
import Subprocess
import SystemPackage
import Testing

/// The memory of the release build: the most that it takes, and its end where it gets none.
@Suite(.enabled(if: Tool.isInstalled("python3") && Vrrpwatch.release != nil, "needs python3 and VRRPWATCH_RELEASE"))
struct MemoryTests {
    private static let inputs = Fixture.package.appending(path: "Tests/Benchmarks").path
    /// The most kilobytes that are resident for 25,000 virtual routers in about 30 MB, by the form of the report.
    ///
    /// Of routers that differ in everything (`disagreement`) only the text stays below 256 MiB.
    private static let most = [
        "crowd": ["text": 170_000, "json": 262_144, "html": 262_144, "csv": 262_144],
        "disagreement": ["text": 262_144, "json": 350_000, "html": 380_000, "csv": 350_000],
    ]

    @Test("captures below 50 MB are bounded in each form", arguments: most)
    func peak(kind: String, most: [String: Int]) async throws {
        let script = Self.inputs + "/memory.py"
        let lines = try await Tool.run("python3", script, try #require(Vrrpwatch.release), kind).split(separator: "\n")
        #expect(lines.count == most.count)
        for line in lines {
            let words = line.split(separator: " ")
            #expect(try #require(Int(words[2])) <= most[String(words[1])] ?? 0, "\(line)")
            #expect(words[3] == "0", "\(line)")
        }
    }

    @Test(
        "memory that is refused is a message and status 5, and leaves nothing half-written",
        .enabled(if: Tool.isInstalled("prlimit"))
    )
    func refusal() async throws {
        let release = try #require(Vrrpwatch.release)
        let prlimit = try #require(Tool.path(of: "prlimit"))
        try await withTemporaryFolder { folder in
            let capture = folder.appending(path: "capture.pcap").path
            let program = "import inputs, sys; inputs.write(sys.argv[1], inputs.crowd(5000, 2, 4))"
            try await Tool.run("env", "PYTHONPATH=\(Self.inputs)", "python3", "-c", program, capture)
            let output = folder.appending(path: "report.json").path
            var refusals = 0
            for megabytes in [40, 60, 80, 100, 140] {
                let result = try await Subprocess.run(
                    .path(FilePath(prlimit)),
                    arguments: [
                        "--as=\(megabytes << 20)", release, "analyze", "--format", "json", capture, "-o", output,
                    ],
                    output: .string(limit: Vrrpwatch.outputLimit),
                    error: .string(limit: Vrrpwatch.outputLimit)
                )
                let (status, errors) = (result.terminationStatus.shellStatus, result.standardError)
                let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                if status == 0 { break }
                refusals += 1
                #expect(status == 5, "\(megabytes) MB: \(errors)")
                #expect(errors.contains("vrrpwatch: the system refused"), "\(megabytes) MB: \(errors)")
                #expect(files == ["capture.pcap"], "\(megabytes) MB")
            }
            #expect(refusals > 0)
        }
    }
}

import Foundation
import Subprocess
import SystemPackage
import Testing

/// The program as it is released: one file that needs nothing of the machine but its kernel.
@Suite(.enabled(if: Vrrpwatch.release != nil, "needs VRRPWATCH_RELEASE, which .ci/test sets"))
struct ReleaseTests {
    /// The most that the stripped program may have.
    static let mostBytes = 25_000_000

    private static var release: String { Vrrpwatch.release ?? "" }

    /// A copy without symbols, as packages have it.
    private static func stripped(in folder: URL) async throws -> URL {
        let copy = folder.appending(path: "vrrpwatch")
        try await Tool.run("strip", "--strip-all", "--remove-section=.swift_modhash", "-o", copy.path, release)
        return copy
    }

    @Test("it is small, and no data of Unicode's are in it", .enabled(if: Tool.isInstalled("strip")))
    func size() async throws {
        try await withTemporaryFolder { folder in
            let bytes = try Data(contentsOf: try await Self.stripped(in: folder))
            #expect(bytes.count <= Self.mostBytes, "\(bytes.count) bytes")
            // The names that ICU's data and functions begin with.
            for name in ["icudt", "libicu", "FoundationICU"] {
                #expect(bytes.range(of: Data(name.utf8)) == nil, "\(name)")
            }
            let symbols = try await Tool.run("nm", Self.release)
            #expect(!symbols.contains("icudt"))
            #expect(!symbols.contains("swift_FoundationICU"))
            #expect(!symbols.contains("_CFRuntime"))
        }
    }

    @Test("it does not tell in which folder it was built", .enabled(if: Tool.isInstalled("strip")))
    func place() async throws {
        try await withTemporaryFolder { folder in
            let bytes = try Data(contentsOf: try await Self.stripped(in: folder))
            let place = Data(Fixture.package.path.utf8)
            let found = bytes.range(of: place).map { range in
                String(decoding: bytes[range.lowerBound...].prefix { $0 != 0 }, as: UTF8.self)
            }
            #expect(found == nil)
            // A build ID is a digest of what debuggers are told, too, and that is stripped and names the folder.
            #expect(!(try await Tool.run("readelf", "--wide", "--notes", Self.release)).contains("BUILD_ID"))
        }
    }

    @Test(
        "it loads no library, lies anywhere, and its table of addresses is read-only",
        .enabled(if: Tool.isInstalled("readelf"))
    )
    func linking() async throws {
        let headers = try await Tool.run("readelf", "--wide", "--file-header", "--program-headers", Self.release)
        #expect(!headers.contains("INTERP"))
        #expect(headers.contains("DYN (Position-Independent Executable file)"))
        #expect(headers.contains("GNU_RELRO"))
        #expect(headers.contains(/GNU_STACK.*\sRW\s/))
        let dynamic = try await Tool.run("readelf", "--wide", "--dynamic", Self.release)
        for entry in ["(NEEDED)", "(RPATH)", "(RUNPATH)", "(TEXTREL)"] { #expect(!dynamic.contains(entry), "\(entry)") }
        #expect(dynamic.contains(/\bNOW\b/))
    }

    @Test("it works where nothing else is", .enabled(if: getuid() == 0 && Tool.isInstalled("unshare"), "needs root"))
    func emptyRoot() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Self.stripped(in: folder)
            for (name, source) in [
                ("capture.pcap", "crash-failover/capture.pcap"), ("r1.conf", "vip-mismatch/r1.conf"),
                ("r2.conf", "vip-mismatch/r2.conf"),
            ] {
                let fixture = Fixture.package.appending(path: "Fixtures/Captures/\(source)")
                try FileManager.default.copyItem(at: fixture, to: folder.appending(path: name))
            }
            let analysis = try await run(["analyze", "/capture.pcap"], in: folder)
            #expect(analysis.status == 0, "\(analysis.errors)")
            #expect(analysis.output.hasPrefix("10.51.0.100 (VRID 51) had no master for up to 3.65 s"))
            let report = try await run(["report", "/capture.pcap", "-o", "/out.html"], in: folder)
            #expect(report.status == 0, "\(report.errors)")
            let page = try String(contentsOf: folder.appending(path: "out.html"), encoding: .utf8)
            #expect(page.hasSuffix("</html>\n"))
            let check = try await run(["check", "/r1.conf", "/r2.conf"], in: folder)
            #expect(check.status == 1, "\(check.errors)")
            #expect(check.output.contains("config-address-mismatch"))
            #expect(try await run(["explain", "split-brain"], in: folder).output.contains("split-brain"))
            #expect(try await run(["decode", "/capture.pcap"], in: folder).output.contains("VRRPv2"))
            let interfaces = try await run(["interfaces"], in: folder)
            #expect(interfaces.status == 0, "\(interfaces.errors)")
            #expect(interfaces.output.contains("lo"))
            #expect(!interfaces.output.contains("dbus"))
        }
    }

    @Test(
        "users are found in /etc/passwd, whatever nsswitch.conf says",
        .enabled(if: getuid() == 0 && Tool.isInstalled("unshare"), "needs root")
    )
    func users() async throws {
        try await withTemporaryFolder { folder in
            _ = try await Self.stripped(in: folder)
            let etc = folder.appending(path: "etc")
            try FileManager.default.createDirectory(at: etc, withIntermediateDirectories: true)
            try Data("passwd: sss ldap\ngroup: sss ldap\n".utf8).write(to: etc.appending(path: "nsswitch.conf"))
            try Data("root:x:0:0::/:/bin/sh\nwatcher:x:4711:4711::/:/bin/sh\n".utf8).write(
                to: etc.appending(path: "passwd")
            )
            let stranger = try await run(["watch", "-Z", "stranger", "nowhere0"], in: folder)
            #expect(stranger.status == 3)
            #expect(stranger.errors.contains("-Z stranger: there is no such user"))
            // The capture is what fails, after the user was found.
            let watcher = try await run(["watch", "-Z", "watcher", "nowhere0"], in: folder)
            #expect(watcher.status == 3)
            #expect(!watcher.errors.contains("there is no such user"), "\(watcher.errors)")
        }
    }

    /// Runs the copy with a folder as its root, in which there is nothing else but `/proc`.
    private func run(
        _ arguments: [String],
        in folder: URL
    ) async throws -> (
        status: Int, output: String, errors: String
    ) {
        let unshare = try #require(Tool.path(of: "unshare"))
        let script = #"mkdir -p "$0/proc" && mount -t proc proc "$0/proc" && exec chroot "$0" /vrrpwatch "$@""#
        let result = try await Subprocess.run(
            .path(FilePath(unshare)),
            arguments: Arguments(["--mount", "sh", "-c", script, folder.path] + arguments),
            environment: .inherit.updating(["TZ": "UTC"]),
            output: .string(limit: Vrrpwatch.outputLimit),
            error: .string(limit: Vrrpwatch.outputLimit)
        )
        return (result.terminationStatus.shellStatus, result.standardOutput, result.standardError)
    }
}

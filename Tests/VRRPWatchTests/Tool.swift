import Foundation
import Testing

/// The built command, run as users run it.
struct Tool {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle, which the test runner names in one way or another.
    static let url: URL? = {
        var candidates: [String] = []
        let arguments = CommandLine.arguments
        if let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count {
            candidates.append(arguments[index + 1])
        }
        candidates += [arguments[0], Bundle.main.executablePath].compactMap { $0 }
        let places = candidates.map { URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent() }
        return places.map { $0.appending(path: "vrrpwatch") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Runs the command, reading both its outputs by way of files so that no pipe can fill up.
    static func run(
        _ arguments: [String],
        input: String? = nil,
        environment: [String: String] = [:],
        in folder: Folder
    ) throws -> Result {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let tool = try #require(url, "the command is not beside the tests")
        let out = folder.path("stdout-\(UUID().uuidString)")
        let errors = folder.path("stderr-\(UUID().uuidString)")
        shell.arguments = ["-c", #"exec "$@" >"$OUT" 2>"$ERR" <"$IN""#, "sh", tool.path] + arguments
        var all = ["TZ": "UTC", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        all["OUT"] = environment["OUT"] ?? out
        all["ERR"] = errors
        all["IN"] = input ?? "/dev/null"
        shell.environment = all.merging(environment) { $1 }
        shell.currentDirectoryURL = folder.url
        try shell.run()
        shell.waitUntilExit()
        return Result(
            status: shell.terminationStatus,
            // Where output went elsewhere there is none here.
            output: (try? String(contentsOfFile: out, encoding: .utf8)) ?? "",
            errors: try String(contentsOfFile: errors, encoding: .utf8)
        )
    }
}

/// A folder for one test, removed with it.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "vrrpwatch-test-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A folder left behind does no harm.
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name))
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix("std") } }
    }
}

/// Small captures in the pcap format.
enum Pcap {
    /// Advertisements of one router at given times in milliseconds.
    static func capture(router: UInt8, priority: UInt8 = 100, at times: [Int]) -> [UInt8] {
        let header: [UInt8] = [
            0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
        ]
        let frame = advertisement(from: router, priority: priority)
        let records = times.map { time in
            [
                little(1_767_225_600 + UInt32(time / 1000)), little(UInt32(time % 1000) * 1000),
                little(UInt32(frame.count)), little(UInt32(frame.count)), frame,
            ]
        }
        return header + records.flatMap { $0 }.flatMap { $0 }
    }

    /// A VRRPv2 advertisement over Ethernet and IPv4 of VRID 51.
    static func advertisement(from router: UInt8, priority: UInt8) -> [UInt8] {
        let link: [UInt8] = [1, 0, 0x5e, 0, 0, 0x12, 2, 0, 0, 0, 0, router, 8, 0]
        let ip: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 255, 112, 0, 0, 10, 0, 0, router, 224, 0, 0, 18]
        var message: [UInt8] = [0x21, 51, priority, 1, 0, 1, 0, 0, 10, 0, 0, 100] + Array(repeating: 0, count: 8)
        var sum: UInt32 = 0
        for index in stride(from: 0, to: message.count, by: 2) {
            sum += UInt32(message[index]) << 8 | UInt32(message[index + 1])
        }
        let checksum = ~UInt16(sum >> 16 + sum & 0xffff)
        message[6] = UInt8(checksum >> 8)
        message[7] = UInt8(checksum & 0xff)
        return [link, ip, message].flatMap { $0 }
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}

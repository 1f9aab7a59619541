import Foundation
import Testing

@Suite struct FileTests {
    static let captureEndings = [".pcap", ".pcapng", ".cap", ".gz", ".zst"]
    static let table = ProjectFiles.root.appending(path: "Fixtures/README.md")

    @Test(
        "every capture has a row in the table of fixtures",
        .enabled(if: FileManager.default.fileExists(atPath: table.path), "there is no table yet")
    )
    func fixtures() throws {
        let rows = try #require(try ProjectFiles.text(of: "Fixtures/README.md")).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
        for file in try ProjectFiles.files(in: "Fixtures") where Self.captureEndings.contains(where: file.hasSuffix) {
            // A row names the capture, or the folder that it shares with its configurations and its truth.
            let path = file.split(separator: "/").dropFirst()
            let names = [path.joined(separator: "/"), path.dropLast().joined(separator: "/")] + path.suffix(2)
            let isListed = rows.contains { row in
                names.contains { row.contains("`\($0)`") || row.contains("[\($0)]") || row.contains("| \($0) |") }
            }
            #expect(isListed, "\(file)")
        }
    }

    @Test func noFileIsLarge() throws {
        for file in try ProjectFiles.files() {
            let size = try ProjectFiles.size(of: file)
            #expect(size <= 2_000_000, "\(file)")
        }
    }

    @Test("nothing that a command made is still to be filled in")
    func blanks() throws {
        for file in try ProjectFiles.files(in: "Sources") {
            guard let text = try ProjectFiles.text(of: file), text.contains("FILL IN") else { continue }
            Issue.record("\(file) says FILL IN")
        }
    }

    @Test("no file depends on where it was written")
    func absolutePaths() throws {
        // Put together here so that this file does not hold them.
        let words = ["work", "root"].map { "/\($0)/" }
        for file in try ProjectFiles.files() {
            guard let text = try ProjectFiles.text(of: file) else { continue }
            for word in words where text.contains(word) { Issue.record("\(file) names \(word)") }
        }
    }

    @Test("a test neither sleeps nor measures time", arguments: ["Tests"])
    func noSleeping(folder: String) throws {
        let words = ["Task.slee" + "p", "Thread.slee" + "p", "uslee" + "p(", "ContinuousCloc" + "k"]
        // The live tests wait for the kernel and for other programs.
        let exempt = ["Tests/EndToEndTests/", "Tests/VRRPCaptureTests/Live/", "Tests/VRRPWatchTests/"]
        for file in try ProjectFiles.files(in: folder) where !exempt.contains(where: file.hasPrefix) {
            guard let text = try ProjectFiles.text(of: file) else { continue }
            for word in words where text.contains(word) { Issue.record("\(file) uses \(word)") }
        }
    }

    @Test("scenario files begin with what they show", arguments: ["Tests/VRRPTrackerTests", "Tests/VRRPFindingsTests"])
    func scenarios(folder: String) throws {
        let files = try ProjectFiles.files(in: folder + "/Scenarios")
        #expect(!files.isEmpty)
        for file in files {
            #expect(file.hasSuffix(".txt"))
            #expect(try ProjectFiles.text(of: file)?.hasPrefix("# ") == true, "\(file)")
        }
    }
}

import Foundation
import Testing

/// The folders are the architecture: few files at a target's root, and a line of the code map for every room.
@Suite struct RoomTests {
    /// More Swift files than this in one place tell nobody where to begin.
    private static let mostAtARoot = 10
    private static let page = "Sources/vrrpwatch/Documentation.docc/Architecture.md"

    /// The folder of a file, as a path from the repository's root.
    private static func folder(of file: String) -> String {
        file.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// The folders below `Sources` that hold files themselves, by their paths from there, without those of pages.
    private static func rooms() throws -> Set<String> {
        let files = try ProjectFiles.files(in: "Sources").filter { !$0.contains(".docc/") }
        return Set(files.map { String(folder(of: $0).dropFirst("Sources/".count)) })
    }

    /// The test targets and other folders below `Tests`.
    private static func testTargets() throws -> Set<String> {
        Set(
            try ProjectFiles.files(in: "Tests").compactMap {
                $0.split(separator: "/").dropFirst().first.map(String.init)
            }
        )
    }

    /// The first cells of the tables in a section of the page, without code quotes.
    private static func lines(of section: String) throws -> [String] {
        let text = try ProjectFiles.text(of: page) ?? ""
        let body = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("\(section)\n") })
        return body.matches(of: /\n\| `([^`]+)` \|/).map { String($0.1) }
    }

    @Test("no root of a target holds more than ten Swift files")
    func rootsAreSmall() throws {
        let files = try ProjectFiles.files().filter { $0.hasSuffix(".swift") }
        let counts = Dictionary(grouping: files.map(Self.folder), by: { $0 }).mapValues(\.count)
        let roots = counts.filter { folder, _ in
            let depth = folder.split(separator: "/").count
            return depth == 2 || (depth == 3 && folder.hasPrefix("Tests/Fuzz/"))
        }
        #expect(roots.count > 20)
        for (folder, count) in roots { #expect(count <= Self.mostAtARoot, "\(folder) holds \(count) Swift files") }
    }

    @Test("the code map has a line for every room, and no other")
    func everyRoomIsOnTheMap() throws {
        let lines = try Self.lines(of: "Code map")
        #expect(Set(lines).count == lines.count, "a room has two lines")
        let rooms = try Self.rooms()
        for room in rooms.subtracting(lines).sorted() { Issue.record("\(room) has no line in the code map") }
        for line in Set(lines).subtracting(rooms).sorted() {
            Issue.record("the code map names \(line), which is no room")
        }
    }

    @Test("the map of the tests has a line for every target, and no other")
    func everyTestTargetIsOnTheMap() throws {
        let lines = try Self.lines(of: "Tests")
        #expect(Set(lines).symmetricDifference(try Self.testTargets()).sorted() == [])
    }
}

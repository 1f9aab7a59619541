import Foundation
import SystemPackage
import Testing
import VRRPTestSupport

/// The handbook for people who operate routers: its commands, pictures and pages, held against the program.
@Suite struct HandbookTests {
    private static let catalog = Fixture.package.appending(path: "Documentation/Handbook.docc")
    private static let script = Fixture.package.appending(path: ".ci/handbook").path
    private static let runner = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "commands.py").path
    /// The most bytes that packages take along.
    private static let mostBytes = 3_000_000

    /// The names of the articles, those apart that have commands for an interface.
    private static let articles: (ordinary: [String], live: [String]) = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: catalog.path)) ?? []
        let names = files.filter { $0.hasSuffix(".md") }.sorted()
        let live = Set(names.filter { (try? text(of: $0))?.contains("```lab") == true })
        return (names.filter { !live.contains($0) }, live.sorted())
    }()

    private static func text(of article: String) throws -> String {
        try String(contentsOf: catalog.appending(path: article), encoding: .utf8)
    }

    /// Runs the commands of an article in a folder with the recordings; returns what is not as the article says.
    private static func problems(in article: URL, _ folder: URL, namespace: String? = nil) async throws -> [String] {
        let work = folder.appending(path: "work")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        try await Tool.run("python3", script, "recordings", work.path)
        let arguments = [runner, Vrrpwatch.executable.string, work.path, article.path] + [namespace].compactMap { $0 }
        return try await Tool.run("python3", arguments).split(separator: "\n").map(String.init)
    }

    // MARK: Commands

    @Test(
        "every command runs and prints what the article says: VRRPWATCH_REWRITE=1 writes it",
        arguments: articles.ordinary
    )
    func commands(article: String) async throws {
        try await withTemporaryFolder { folder in
            let problems = try await Turnstile.shared.pass {
                try await Self.problems(in: Self.catalog.appending(path: article), folder)
            }
            #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
        }
    }

    @Test(
        "commands for an interface run beside a real keepalived",
        .timeLimit(.minutes(5)),
        .enabled(if: Lab.obstacle == nil, Comment(rawValue: Lab.obstacle ?? "")),
        arguments: articles.live
    )
    func liveCommands(article: String) async throws {
        try await Lab.run { lab in
            try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { first in
                _ = try await first.findAnywhere("master") { $0.contains("Entering MASTER STATE") ? true : nil }
                try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90) { second in
                    _ = try await second.findAnywhere("backup") { $0.contains("Entering BACKUP STATE") ? true : nil }
                    try await Self.waitForLastAnnouncement(of: first)
                    let problems = try await Self.problems(
                        in: Self.catalog.appending(path: article),
                        lab.folder,
                        namespace: lab.second.namespace
                    )
                    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
                }
            }
        }
    }

    /// Waits until a new master has announced its address for the second time, so that advertisements alone are sent from then on.
    private static func waitForLastAnnouncement(of master: LabProcess) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let lines = await master.output.lines + master.errors.lines
            if lines.count(where: { $0.text.contains("Sending/queueing gratuitous ARPs") }) >= 2 { return }
            guard ContinuousClock.now < deadline else {
                throw LabProcess.Missing(description: "the master does not announce its address again")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test(
        "a command that is not as the article says is told",
        arguments: [
            ("```console\n$ vrrpwatch --version\nno version\n```", "prints something else"),
            ("```console\n$ vrrpwatch no-such-file.pcap\n…\n```", "ends with status 3"),
            ("```shell\nvrrpwatch analyze\n```", "ends with status 64"),
            ("```lab\n$ vrrpwatch eth0\n```", "needs a namespace"),
            ("```elsewhere\nformat-the-disk now\n```", "'format-the-disk' is no program"),
            ("```elsewhere\nvrrpwatch explain split-brain\n```", "can be run"),
            ("```elsewhere\nssh r1 vrrpwatch watch eth0 --no-such-option\n```", "an option --no-such-option"),
            ("```text\nVRRP /usr/bin/vrrpwatch-live watch eth0 --never\n```", "an option --never"),
            ("```text\nsudo vrrpwatch eth0\n```", "holds a command"), ("```\nvrrpwatch\n```", "is of one of the kinds"),
            ("Say `vrrpwatch analyze --screen x.pcap`.", "an option --screen"),
            ("Say `--no-such-option`.", "no command has an option"),
        ]
    )
    func faults(text: String, problem: String) async throws {
        guard !GoldenFile.isRewriting else { return }
        try await withTemporaryFolder { folder in
            let article = folder.appending(path: "article.md")
            try Data("# Article\n\n\(text)\n".utf8).write(to: article)
            let problems = try await Self.problems(in: article, folder)
            #expect(problems.contains { $0.contains(problem) }, "\(problems)")
        }
    }

    @Test("a line … stands for any lines, and … within a line for any text")
    func leftOut() async throws {
        let text = """
            ```console
            $ printf '%s\\n' one 'two and three' four five
            one
            two … three
            …
            $ printf '%s\\n' one two
            …
            one
            two
            ```
            """
        try await withTemporaryFolder { folder in
            let article = folder.appending(path: "article.md")
            try Data(text.utf8).write(to: article)
            #expect(try await Self.problems(in: article, folder) == [])
        }
    }

    // MARK: Pictures and pages

    @Test("the pictures are those of the program's reports: `.ci/handbook pictures VRRPWATCH` draws them")
    func pictures() async throws {
        try await withTemporaryFolder { folder in
            try await Tool.run("python3", Self.script, "pictures", Vrrpwatch.executable.string, folder.path)
            func names(in folder: URL) throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".svg") }
                    .sorted()
            }
            let drawn = try names(in: folder)
            #expect(drawn.count >= 10)
            #expect(try names(in: Self.catalog) == drawn)
            for name in drawn {
                let actual = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                let isCurrent = try GoldenFile.whole("Documentation/Handbook.docc/\(name)", actual) == actual
                #expect(isCurrent, "\(name)")
            }
        }
    }

    @Test("docc takes the articles, and each link of the pages leads somewhere")
    func pages() async throws {
        try await withTemporaryFolder { folder in
            let pages = folder.appending(path: "html")
            try await Tool.run("python3", Self.script, "pages", pages.path)
            let files = try FileManager.default.subpathsOfDirectory(atPath: pages.path)
            let sizes = try files.map { name in
                try pages.appending(path: name).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            }
            let size = sizes.reduce(0, +)
            #expect(size < Self.mostBytes, "\(size) bytes")
            #expect(
                files.filter { $0.hasSuffix(".html") }.count == Self.articles.ordinary.count + Self.articles.live.count
            )
            for name in files where name.hasSuffix(".html") {
                let text = try String(contentsOf: pages.appending(path: name), encoding: .utf8)
                #expect(!text.contains("<script"), "\(name)")
                for match in text.matches(of: /(?:href|src)="([^"#]+)(?:#[^"]*)?"/) {
                    #expect(files.contains(String(match.1)), "\(name) links to \(match.1)")
                }
            }
        }
    }
}

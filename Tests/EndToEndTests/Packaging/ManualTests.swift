import Foundation
import SystemPackage
import Testing
import VRRPTestSupport

/// The manual pages in `Packaging/man`, held against the program and against man(1).
@Suite struct ManualTests {
    private static let shipped = Fixture.package.appending(path: "Packaging/man")

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".1") }.sorted()
    }

    @Test("the manual pages say what the program says: `.ci/manual VRRPWATCH Packaging/man` writes them")
    func pagesAreCurrent() async throws {
        try await withTemporaryFolder { folder in
            let program = Vrrpwatch.executable.string
            try await Tool.run("python3", Fixture.package.appending(path: ".ci/manual").path, program, folder.path)
            let names = try names(in: folder)
            #expect(try self.names(in: Self.shipped) == names)
            #expect(names.contains("vrrpwatch.1") && names.contains("vrrpwatch-analyze.1"))
            #expect(!names.contains("vrrpwatch-open.1"))
            for name in names {
                let actual = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                #expect(try GoldenFile.whole("Packaging/man/\(name)", actual) == actual, "\(name)")
            }
        }
    }

    @Test("every page begins with examples and tells the exit status")
    func pagesAreWhole() throws {
        for name in try names(in: Self.shipped) {
            let page = try String(contentsOf: Self.shipped.appending(path: name), encoding: .utf8)
            let sections = page.matches(of: /\n\.SH ([A-Z ]+)/).map { String($0.1) }
            #expect(sections.prefix(3) == ["NAME", "SYNOPSIS", "EXAMPLES"], "\(name)")
            #expect(sections.suffix(3) == ["EXIT STATUS", "ENVIRONMENT", "SEE ALSO"], "\(name)")
        }
    }

    @Test("man has nothing to complain of", .enabled(if: Tool.isInstalled("man"), "man is not installed"))
    func pagesAreWellFormed() async throws {
        for name in try names(in: Self.shipped) {
            let page = Self.shipped.appending(path: name).path
            let command = "MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings --local-file -Tutf8 -Z '\(page)' 2>&1 >/dev/null"
            #expect(try await Tool.run("sh", "-c", command) == "", "\(name)")
        }
    }
}

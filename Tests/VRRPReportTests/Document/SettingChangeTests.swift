import Testing
import VRRPReport
import VRRPTestSupport
import VRRPWire

/// The settings that routers advertised over time.
@Suite struct SettingChangeTests {
    private static func routers(_ story: String) throws -> [ReportDocument.Router] {
        let document = ReportDocument(try Scenario(story).observation, captures: [], version: "1")
        return document.virtualRouters.flatMap(\.routers)
    }

    private static func told(_ after: String) throws -> [String] {
        let story = """
            router A 10.0.0.1 addresses 10.0.0.100,10.0.0.101
            router Then 10.0.0.1 \(after)
            0..10 every 1 A
            11..20 every 1 Then
            21 end
            """
        return try routers(story).flatMap { router in router.changes.map { "\($0.setting.rawValue): \($0.predicate)" } }
    }

    @Test(
        "each setting that changes is told once",
        arguments: [
            ("addresses 10.0.0.100,10.0.0.101 interval 2", "interval: changed its interval from 1 s to 2 s"),
            ("addresses 10.0.0.100,10.0.0.101 v3", "version: changed its VRRP version from 2 to 3"),
            (
                "addresses 10.0.0.100,10.0.0.101 pass sesame",
                "authentication: changed its authentication from none to simple-text (key-1)"
            ),
            (
                "addresses 10.0.0.100,10.0.0.101 to 10.0.0.2",
                "delivery: changed its delivery from multicast to unicast"
            ),
            (
                "addresses 10.0.0.100,10.0.0.102",
                "addresses: no longer advertised 10.0.0.101 and added 10.0.0.102, so that it advertised 2 addresses"
            ),
            (
                "addresses 10.0.0.100,10.0.0.101,10.0.0.102",
                "addresses: added 10.0.0.102, so that it advertised 3 addresses"
            ),
        ]
    )
    func changes(after: String, words: String) throws {
        let told = try Self.told(after)
        // Version 3 states its interval in another unit, and nothing else changes with it.
        #expect(told == [words])
    }

    @Test("another order of the addresses and another priority are no changes of these settings")
    func nearMisses() throws {
        #expect(try Self.told("addresses 10.0.0.101,10.0.0.100") == [])
        #expect(try Self.told("addresses 10.0.0.100,10.0.0.101 priority 90") == [])
    }

    @Test("a sender of both versions changes none")
    func bothVersions() throws {
        let story = """
            router Two 10.0.0.1 v2
            router Three 10.0.0.1 v3
            0..20 every 1 Two
            0.001..20.001 every 1 Three
            30 end
            """
        #expect(try Self.routers(story).flatMap(\.changes).isEmpty)
    }

    @Test("the oldest changes are dropped, and said to be")
    func bounded() throws {
        var story = "router A 10.0.0.1\nrouter B 10.0.0.1 interval 2\n"
        for cycle in 0..<50 { story += "\(4 * cycle) A priority \(100 + cycle)\n\(4 * cycle + 1) B\n" }
        let router = try #require(try Self.routers(story).first)
        #expect(router.changes.count == 32 && router.changesLeftOut == 99 - 32)
        #expect(router.priorities.count == 64 && router.prioritiesLeftOut > 0)
        #expect(router.forgotten?.hasPrefix("67 earlier changes of settings and ") == true)
    }
}

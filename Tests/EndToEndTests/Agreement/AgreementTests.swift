import Foundation
import Testing

/// Reports on recordings of real routers, held against what was done to the routers and what their logs said.
@Suite struct AgreementTests {
    /// The tolerance for each change of master, in advertisement intervals.
    static let tolerance = 1.25

    @Test(arguments: Fixture.all)
    func saysWhatHappened(in fixture: Fixture) async throws {
        let report = try await Self.report(on: fixture)
        let expected = try fixture.expectation()
        let ids = Set(report.findings.map(\.id))
        let severities = Set(report.findings.map(\.severity))

        #expect(Set(expected.required).subtracting(ids) == [], "findings not made")
        #expect(Set(expected.forbidden).intersection(ids.union(severities)) == [], "findings made: \(report.findings)")
        if let count = expected.virtualRouters {
            #expect(report.virtualRouters.count == count)
        }
        if let transitions = expected.transitions {
            let virtualRouter = try #require(report.virtualRouters.first)
            let reported = virtualRouter.transitions.map {
                Fixture.Expectation.Transition(to: $0.to.map(Self.router), cause: $0.cause)
            }
            #expect(reported == transitions)
        }
    }

    @Test(arguments: Fixture.all)
    func timelineHasNoGaps(in fixture: Fixture) async throws {
        for virtualRouter in try await Self.report(on: fixture).virtualRouters {
            let timeline = virtualRouter.timeline
            for (stretch, next) in zip(timeline, timeline.dropFirst()) {
                #expect(stretch.end == next.start, "\(virtualRouter.id)")
            }
            #expect(timeline.allSatisfy { $0.start <= $0.end }, "\(virtualRouter.id)")
        }
    }

    @Test func timelinesAgreeWithTheRoutersOwnLogs() async throws {
        var agreeing = 0.0
        var total = 0.0
        for fixture in Fixture.all {
            let parts = try await Self.agreement(on: fixture)
            let seconds = parts.map(\.seconds).reduce(0, +)
            let agreed = parts.map { $0.share * $0.seconds }.reduce(0, +)
            #expect(agreed >= 0.99 * seconds, "\(fixture): \(agreed / seconds)")
            agreeing += agreed
            total += seconds
        }
        #expect(total > 0)
        #expect(agreeing >= 0.998 * total, "all together: \(agreeing / total)")
    }

    // MARK: -

    private static func report(on fixture: Fixture) async throws -> Report {
        let outcome = try await Vrrpwatch.run(["analyze", "--format", "json"] + fixture.captures())
        #expect(outcome.status == 0, "\(fixture): \(outcome.status) \(outcome.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    }

    private static func agreement(on fixture: Fixture) async throws -> [(seconds: Double, share: Double)] {
        let report = try await report(on: fixture)
        let truth = try GroundTruth(fixture)
        var missing = Set(truth.timelines.keys)
        var parts: [(seconds: Double, share: Double)] = []
        for virtualRouter in report.virtualRouters {
            let key = GroundTruth.Key(vrid: virtualRouter.vrid, family: virtualRouter.family)
            missing.remove(key)
            guard let logged = truth.timelines[key] else {
                Issue.record("\(fixture): no router's log knows \(virtualRouter.id)")
                continue
            }
            guard let first = virtualRouter.timeline.first, let last = virtualRouter.timeline.last else { continue }
            var reported = Timeline()
            for stretch in virtualRouter.timeline {
                reported.append(Set(stretch.masters.map(router)), from: stretch.start)
            }
            // A router whose interval is not known, or 0, advertises once a second.
            let intervals = virtualRouter.routers.map {
                ($0.advertIntervalMs ?? 0) > 0 ? $0.advertIntervalMs ?? 0 : 1000
            }
            let share = reported.agreement(
                with: logged,
                from: first.start,
                to: last.end,
                tolerance: (intervals.max() ?? 0) / 1000 * tolerance
            )
            parts.append((last.end.seconds(since: first.start), share))
        }
        #expect(missing.isEmpty, "\(fixture): the report lacks \(missing)")
        return parts
    }

    /// The name by which the lab knows a router: also of its IPv6 addresses, the IPv4 one.
    private static func router(_ address: String) -> String {
        if address == "fe80::51:100" { return "10.51.0.1" }
        guard
            let match = address.wholeMatch(of: /fe80::51:ff:fe00:([0-9a-f]+)/),
            let number = Int(match.1, radix: 16)
        else { return address }
        return "10.51.0.\(number)"
    }
}

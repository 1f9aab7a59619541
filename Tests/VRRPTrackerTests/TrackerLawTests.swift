import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Laws that must hold for any observation, tried on stories made up from seeds.
///
/// A failure names its seed; `RandomStory(seed:).text` is the scenario.
@Suite struct TrackerLawTests {
    static let seeds = 0..<60

    @Test("a run fed in two halves equals the whole", arguments: seeds)
    func halves(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let scenario = try Scenario(story.text)
        let whole = scenario.answers(about: scenario.observation)
        var tracker = Tracker()
        for input in scenario.inputs.prefix(scenario.inputs.count / 2) { tracker.take(input) }
        // Looking at a tracker, or going on with a copy of it, changes nothing.
        var copy = tracker
        _ = scenario.answers(about: tracker.observation)
        for input in scenario.inputs.dropFirst(scenario.inputs.count / 2) { copy.take(input) }
        #expect(scenario.answers(about: copy.observation) == whole, "seed \(seed)\n\(story.text)")
    }

    @Test("a master that repeats itself is told of alike, decoded or not", arguments: seeds)
    func repetition(seed: Int) throws {
        for text in [RandomStory(seed: seed).text, RandomStory(seed: seed).text(captures: "0,1")] {
            let scenario = try Scenario(text + "findings\n")
            var analysis = Analysis()
            for input in scenario.inputs { analysis.take(input) }
            expectEqual(analysis.observation, scenario.observation, scenario, "seed \(seed)\n\(text)")
        }
    }

    @Test("whoever looks at an analysis sees all that was taken, and changes nothing", arguments: seeds)
    func looking(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let scenario = try Scenario(story.text + "findings\njitter\n")
        var looked = Analysis()
        var caughtUp = Analysis()
        var tracker = Tracker()
        for (index, input) in scenario.inputs.enumerated() {
            looked.take(input)
            caughtUp.take(input)
            tracker.take(input)
            guard index % 7 == seed % 7, let now = tracker.observation.end else { continue }
            caughtUp.advance(to: now, settling: [])
            expectEqual(
                looked.observation,
                tracker.observation,
                scenario,
                "seed \(seed), input \(index)\n\(story.text)"
            )
            expectEqual(caughtUp.observation, tracker.observation, scenario, "seed \(seed), input \(index)")
        }
        expectEqual(caughtUp.observation, scenario.observation, scenario, "seed \(seed)\n\(story.text)")
    }

    @Test("frames somewhat out of order are heard alike either way", arguments: seeds)
    func reordering(seed: Int) throws {
        let scenario = try Scenario(RandomStory(seed: seed).text + "findings\n")
        let delays: [TimeSpan] = [.zero, .milliseconds(3), .zero, .milliseconds(40), .milliseconds(900)]
        var analysis = Analysis()
        var tracker = Tracker()
        for (index, input) in scenario.inputs.enumerated() {
            var input = input
            if case .frame(let bytes, var sighting) = input {
                sighting.instant = sighting.instant - delays[(index + seed) % delays.count]
                input = .frame(bytes, sighting)
            }
            analysis.take(input)
            tracker.take(input)
        }
        expectEqual(analysis.observation, tracker.observation, scenario, "seed \(seed)")
    }

    private func expectEqual(
        _ actual: Observation,
        _ expected: Observation,
        _ scenario: Scenario,
        _ comment: Comment
    ) {
        #expect(scenario.answers(about: actual) == scenario.answers(about: expected), comment)
        #expect(actual.counts == expected.counts, comment)
        #expect(actual.virtualRouters.map(\.reigns) == expected.virtualRouters.map(\.reigns), comment)
        for (left, right) in zip(actual.virtualRouters[0].routers, expected.virtualRouters[0].routers) {
            #expect(left.adverts == right.adverts && left.lastSeen == right.lastSeen, comment)
            #expect(left.observers == right.observers && left.gaps == right.gaps, comment)
            #expect(left.identifications.steps == right.identifications.steps, comment)
        }
    }

    @Test("time that passes without a frame changes nothing", arguments: seeds)
    func advancing(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let scenario = try Scenario(story.text)
        var tracker = Tracker()
        var now: CaptureInstant?
        for input in scenario.inputs {
            if let next = input.instant, let last = now, next - last > .milliseconds(400) {
                tracker.advance(to: last + (next - last) / 2)
            }
            now = input.instant ?? now
            tracker.take(input)
        }
        let whole = scenario.answers(about: scenario.observation)
        #expect(scenario.answers(about: tracker.observation) == whole, "seed \(seed)\n\(story.text)")
    }

    @Test("virtual routers do not touch each other", arguments: seeds)
    func independence(seed: Int) throws {
        let one = RandomStory(seed: seed, vrid: 51)
        let other = RandomStory(seed: seed + 10_000, vrid: 52)
        let together = try Scenario(one.text(ending: false) + other.text)
        let observation = together.observation
        #expect(observation.virtualRouters.count == 2)
        for story in [one, other] {
            // The observation of one begins and ends with both.
            let alone = try Scenario(story.text(ending: false) + "\(RandomStory.end) end\n").observation
            let expected = try #require(alone.virtualRouters.first)
            let actual = try #require(observation.virtualRouters.first { $0.key == expected.key })
            expectEqual(actual.history(in: observation), expected.history(in: alone), "seed \(seed)\n\(story.text)")
        }
    }

    @Test("the timeline has no gaps and is in order", arguments: seeds)
    func timeline(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let observation = try Scenario(story.text).observation
        for virtualRouter in observation.virtualRouters {
            let timeline = virtualRouter.history(in: observation).timeline
            #expect(timeline.first?.start == virtualRouter.firstAdvert, "seed \(seed)")
            #expect(timeline.last?.end == observation.end, "seed \(seed)")
            for (left, right) in zip(timeline, timeline.dropFirst()) {
                #expect(left.end == right.start, "seed \(seed)")
                #expect(
                    left.masters != right.masters || left.state != right.state,
                    "seed \(seed): neighbours are merged"
                )
            }
            for interval in timeline {
                #expect(interval.start <= interval.end, "seed \(seed)")
                switch interval.state {
                case .none, .notObserved: #expect(interval.masters.isEmpty, "seed \(seed)")
                case .master: #expect(interval.masters.count == 1, "seed \(seed)")
                case .split: #expect(Set(interval.masters).count > 1, "seed \(seed)")
                case .uncertain: break
                }
            }
        }
    }

    @Test("transitions lead from each set of masters to the next", arguments: seeds)
    func transitions(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let observation = try Scenario(story.text).observation
        for virtualRouter in observation.virtualRouters {
            let history = virtualRouter.history(in: observation)
            var before: SmallList<Int> = SmallList()
            var last = CaptureInstant.distantPast
            for transition in history.transitions {
                #expect(transition.from == before, "seed \(seed)\n\(story.text)")
                #expect(transition.instant > last, "seed \(seed)\n\(story.text)")
                #expect((transition.cause == .initial) == before.isEmpty, "seed \(seed)\n\(story.text)")
                if transition.to.isEmpty {
                    #expect(transition == history.transitions.last, "seed \(seed)\n\(story.text)")
                }
                #expect(transition.outage ?? .zero >= .zero, "seed \(seed)\n\(story.text)")
                before = transition.to
                last = transition.instant
            }
        }
    }

    @Test("reigns of one router never overlap, and end after they begin", arguments: seeds)
    func reigns(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let observation = try Scenario(story.text).observation
        for virtualRouter in observation.virtualRouters {
            let reigns = virtualRouter.history(in: observation).reigns
            for position in virtualRouter.routers.indices {
                let own = reigns.filter { $0.router == position }
                for (left, right) in zip(own, own.dropFirst()) {
                    #expect(left.end ?? .distantFuture <= right.start, "seed \(seed)\n\(story.text)")
                }
                for reign in own {
                    #expect(reign.end ?? .distantFuture >= reign.start, "seed \(seed)")
                    #expect(reign.lastAdvert >= reign.start, "seed \(seed)")
                    #expect(reign.highestPriority >= reign.lastPriority, "seed \(seed)")
                }
            }
            #expect(reigns.map(\.start) == reigns.map(\.start).sorted(), "seed \(seed)")
        }
    }

    @Test("frames seen twice tell the same story", arguments: seeds)
    func copies(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let plain = try Scenario(story.text).observation
        let copied = try Scenario("0 copy\n" + story.text).observation
        let expected = try #require(plain.virtualRouters.first).history(in: plain)
        let actual = try #require(copied.virtualRouters.first).history(in: copied)
        expectEqual(actual, expected, "seed \(seed)\n\(story.text)")
    }

    @Test("times shifted by a constant shift the story by as much", arguments: seeds)
    func shift(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let scenario = try Scenario(story.text)
        let plain = scenario.answers(about: scenario.observation)
        for shift in [TimeSpan.seconds(86_400 * 365), .seconds(-86_400 * 20_000), TimeSpan(nanoseconds: 1)] {
            var tracker = Tracker()
            for input in scenario.inputs { tracker.take(input.shifted(by: shift)) }
            let shifted = scenario.answers(about: tracker.observation, since: Scenario.epoch + shift)
            #expect(shifted == plain, "seed \(seed)\n\(story.text)")
        }
    }

    @Test("several captures of one story make one story", arguments: seeds)
    func captures(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let plain = try Scenario(story.text).observation
        let both = try Scenario(story.text(captures: "0,1")).observation
        let expected = try #require(plain.virtualRouters.first).history(in: plain)
        let actual = try #require(both.virtualRouters.first).history(in: both)
        expectEqual(actual, expected, "seed \(seed)\n\(story.text)")
    }

    /// Compares what was told, apart from the frames it can be looked up in and how often announcements were seen.
    private func expectEqual(
        _ actual: History,
        _ expected: History,
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(actual.timeline == expected.timeline, comment, sourceLocation: sourceLocation)
        #expect(
            actual.transitions.map(\.essence) == expected.transitions.map(\.essence),
            comment,
            sourceLocation: sourceLocation
        )
        #expect(actual.masterTime == expected.masterTime, comment, sourceLocation: sourceLocation)
    }
}

extension Transition {
    fileprivate var essence: Transition {
        var essence = self
        essence.evidence = []
        essence.announcements = nil
        return essence
    }
}

package import VRRPTracker
package import VRRPWire

/// A story as it was played: what the captures saw, and what was true.
package struct StoryRecording: Sendable {
    /// A frame as a capture saw it.
    package struct Frame: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            case advert(SimulatedAdvert, to: IPAddress?)
            case announcement(of: IPAddress, by: MACAddress)
        }

        package var time: TimeSpan
        /// 0, or 1 for the half of a parted network that was moved away.
        package var capture: Int
        package var content: Content
        package var bytes: [UInt8]
    }

    package var plan: StoryPlan
    /// In the order of their instants.
    package var frames: [Frame] = []
    package var log: [TruthLog.Row] = []

    /// The same story as what a tracker is told; the capture ends with the plan.
    package var inputs: [Scenario.Input] {
        var counts = [0, 0]
        var inputs = frames.map { frame in
            counts[frame.capture] += 1
            let reference = FrameReference(capture: frame.capture, frame: counts[frame.capture])
            return Scenario.Input.frame(frame.bytes, Sighting(reference, at: Scenario.epoch + frame.time))
        }
        inputs.append(.finish(Scenario.epoch + plan.length))
        return inputs
    }

    /// The observation that a tracker makes of the inputs.
    package var observation: Observation {
        var tracker = Tracker()
        for input in inputs { tracker.take(input) }
        return tracker.observation
    }

    /// Whether, once somebody was master, there never were two for longer than a change takes, nor nobody for longer than a
    /// failover takes.
    package var isHarmless: Bool {
        let truth = truth
        let interval = plan.shortestInterval
        guard let first = truth.masters.firstIndex(where: { !$0.isEmpty }) else { return false }
        return truth.starts.indices.dropFirst(first).allSatisfy { index in
            let end = index + 1 < truth.starts.count ? truth.starts[index + 1] : plan.length
            let length = end - truth.starts[index]
            return truth.masters[index].count == 1 || length <= interval * (truth.masters[index].isEmpty ? 4 : 1)
        }
    }

    /// The number of captured advertisements of each router, without resignations.
    package var advertCounts: [Int: Int] {
        var counts: [Int: Int] = [:]
        for frame in frames {
            if case .advert(let advert, _) = frame.content, advert.priority > 0 {
                counts[advert.sender, default: 0] += 1
            }
        }
        return counts
    }

    /// The masters over time, by the routers' own states.
    package var truth: MasterTimeline {
        TruthLog(rows: log, shortestInterval: plan.shortestInterval).timeline
    }
}

package import VRRPWire

extension InstanceConfiguration {
    /// More things than anybody tracks with weights; beyond it all values between the extremes count as possible.
    private static let mostCombinations = 12

    /// The priorities that this instance may advertise, resignations aside.
    ///
    /// The owner's never changes, and others stay within 1 to 254 (keepalived, `vrrp_set_effective_priority` in
    /// vrrp_track.c). In a sync group weights count for nothing unless `sync_group_tracking_weight` says so; the reader
    /// has dropped them then.
    package var possiblePriorities: Set<UInt8> {
        guard priority != 255 else { return [255, 254] }
        var sums: Set<Int> = [Int(priority)]
        for item in tracked where !item.isFault {
            if item.kind == .file || tracked.count > Self.mostCombinations { return Set(1...254) }
            sums.formUnion(sums.map { $0 + item.weight })
        }
        return Set(sums.map { UInt8(min(max($0, 1), 254)) })
    }

    /// The highest and the lowest of them.
    package var priorityRange: ClosedRange<UInt8> {
        let all = possiblePriorities
        return (all.min() ?? priority)...(all.max() ?? priority)
    }

    /// The tracked objects that explain a change of priority from one value to another; empty where none does.
    ///
    /// Each element is a set of things that together have that weight, the smallest sets only: where several would do,
    /// nobody can tell which.
    package func explanations(ofChangeFrom old: UInt8, to new: UInt8) -> [[TrackedWeight]] {
        let difference = Int(new) - Int(old)
        guard difference != 0 else { return [] }
        let files = tracked.filter { $0.kind == .file && !$0.isFault }
        let weights = tracked.filter { $0.kind != .file && !$0.isFault }.prefix(Self.mostCombinations)
        var found: [[TrackedWeight]] = []
        for bits in 1..<(1 << weights.count) {
            let chosen = weights.enumerated().filter { bits & 1 << $0.offset != 0 }.map(\.element)
            // A failure takes a positive weight away and adds a negative one.
            let sum = chosen.reduce(0) { $0 + abs($1.weight) } * (difference < 0 ? -1 : 1)
            if sum == difference || Self.isClamped(sum, from: old, to: new) { found.append(chosen) }
        }
        let fewest = found.map(\.count).min()
        found = found.filter { $0.count == fewest }
        return found.isEmpty ? files.map { [$0] } : found
    }

    private static func isClamped(_ sum: Int, from old: UInt8, to new: UInt8) -> Bool {
        (new == 1 && Int(old) + sum < 1) || (new == 254 && Int(old) + sum > 254)
    }

    /// The priority while everything tracked is well: positive weights are added then.
    package var healthyPriority: UInt8 {
        guard priority != 255 else { return 255 }
        let sum = tracked.reduce(Int(priority)) { $0 + ($1.kind == .file ? 0 : max($1.weight, 0)) }
        return UInt8(min(max(sum, 1), 254))
    }

    /// Whether the interval fits the field of its version: whole seconds up to 255 (RFC 3768 section 5.3.7), or
    /// centiseconds up to 4095 (RFC 9568 section 5.2.7).
    package var canAdvertiseInterval: Bool {
        version == 2
            ? interval >= .seconds(1) && interval <= .seconds(255) && interval.nanoseconds % 1_000_000_000 == 0
            : interval >= .centiseconds(1) && interval <= .centiseconds(4095) && interval.nanoseconds % 10_000_000 == 0
    }

    /// Skew_Time at a priority (RFC 3768 and RFC 9568 section 6.1).
    private func skewTime(at priority: UInt8) -> TimeSpan {
        version == 2 ? .seconds(1) * Int64(256 - Int(priority)) / 256 : interval * Int64(256 - Int(priority)) / 256
    }

    /// The longest time that it waits as a Backup that hears nobody before it advertises.
    package var longestMasterDownInterval: TimeSpan {
        interval * Int64(downTimerAdverts) + skewTime(at: priorityRange.lowerBound)
    }
}

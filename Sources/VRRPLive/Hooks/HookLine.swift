internal import VRRPReport

/// The calls of a program that wait, bounded: the gravest first, and the virtual routers in turn.
///
/// A flood of events about some virtual routers keeps no call about another waiting, and no notice takes the place of a critical
/// one. Events of one matter keep their order.
struct HookLine {
    private let most: Int
    /// In order of their coming.
    private var calls: [HookCall] = []
    /// The number of calls that were taken, and for each virtual router that number when one of its own was taken last.
    private var turn = 0
    private var turns: [String: Int] = [:]

    init(most: Int) { self.most = most }

    var count: Int { calls.count }

    /// Adds a call; false where a call had to go for it, or it found no place itself.
    mutating func add(_ call: HookCall) -> Bool {
        calls.append(call)
        guard calls.count > most else { return true }
        calls.remove(at: leastPlace)
        return false
    }

    /// Takes the call that comes next; `nil` without any.
    mutating func removeNext() -> HookCall? {
        let first = calls.indices.min { one, other in
            (-calls[one].severity.weight, turns[calls[one].virtualRouter] ?? 0, one)
                < (-calls[other].severity.weight, turns[calls[other].virtualRouter] ?? 0, other)
        }
        guard let first, let place = calls.firstIndex(where: { $0.matter == calls[first].matter }) else { return nil }
        let call = calls.remove(at: place)
        turn += 1
        turns[call.virtualRouter] = turn
        // Those of which no call waits are in no turn.
        if turns.count > most * 2 {
            let waiting = Set(calls.map(\.virtualRouter))
            turns = turns.filter { waiting.contains($0.key) }
        }
        return call
    }

    /// The place of the call that matters least: the latest one of the least gravity, of the virtual router that has most of them.
    private var leastPlace: Int {
        var shares: [String: Int] = [:]
        for call in calls { shares[call.virtualRouter, default: 0] += 1 }
        return calls.indices.min { one, other in
            (calls[one].severity.weight, -(shares[calls[one].virtualRouter] ?? 0), -one)
                < (calls[other].severity.weight, -(shares[calls[other].virtualRouter] ?? 0), -other)
        } ?? 0
    }
}

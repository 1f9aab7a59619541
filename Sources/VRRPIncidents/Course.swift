package import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// The course of one virtual router as far as incidents are made of it: its happenings in order of their start.
package struct Course: Hashable, Sendable {
    package let virtualRouter: VirtualRouterKey
    package let addresses: [IPAddress]
    /// The longest interval that one of its routers advertises.
    package let interval: TimeSpan
    package let speakers: [Speaker]
    package private(set) var happenings: [Happening] = []

    /// Tells the course.
    ///
    /// - Parameters:
    ///   - subject: the virtual router with its history.
    ///   - horizon: the instant before which happenings are left out, those that last excepted.
    ///   - endsOpenly: whether the end of the last master may still become part of a handover, so that it is left out.
    package init(of subject: Subject, from horizon: CaptureInstant = .distantPast, endsOpenly: Bool = false) {
        virtualRouter = subject.virtualRouter.key
        addresses = subject.virtualRouter.addresses
        let maker = HappeningMaker(subject)
        (interval, speakers) = (maker.interval, maker.speakers)
        var transitions = subject.history.transitions[...]
        if endsOpenly, transitions.last?.to.isEmpty == true { transitions.removeLast() }
        var first = transitions.count
        while first > 0, transitions[first - 1].instant >= horizon { first -= 1 }
        if first == transitions.count, first > 0, transitions[first - 1].to.count != 1 { first -= 1 }
        // What began earlier and goes on in the first change belongs to it.
        while first > 0, first < transitions.count, transitions[first].from.count > 1 { first -= 1 }
        while first < transitions.count {
            let next = Self.end(of: first, in: transitions)
            if let happening = maker.happening(first..<next) { happenings.append(happening) }
            first = next
        }
    }

    /// Forgets all but the latest happenings.
    package mutating func keepLast(_ count: Int) { happenings = happenings.suffix(count) }

    /// The place behind the changes that are one with the change at a place: a contest goes on until one master is left.
    private static func end(of first: Int, in transitions: ArraySlice<Transition>) -> Int {
        var next = first + 1
        guard transitions[first].to.count > 1 || transitions[first].from.count > 1 else { return next }
        while next < transitions.count, transitions[next - 1].to.count > 1, transitions[next].from.count > 1 {
            next += 1
        }
        return next
    }
}

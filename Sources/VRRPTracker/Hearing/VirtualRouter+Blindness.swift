internal import VRRPFacts
package import VRRPWire

// Which silence of a router nobody could have noticed: each point is blind in its own way, and sees its own part.

extension VirtualRouter {
    /// The stretches within a silence of a router in which no point that sees the router captured anything.
    ///
    /// The points that see it are its own, those that saw it last, and those that see it next and could not before. Where it sent
    /// advertisements that nobody saw, the others do not see it: only its own point is left.
    ///
    /// - Parameters:
    ///   - position: the router.
    ///   - before: the instant of its advertisement before the silence, and who saw that; `nil` for the first silence.
    ///   - after: the same of the advertisement behind it; `nil` where it lasts.
    ///   - sentUnseen: whether the numbers of the two show that it sent others in between.
    /// - Returns: the stretches, in order.
    func blindness(
        of position: Int,
        after before: (instant: CaptureInstant, observers: RouterSet)?,
        before after: (instant: CaptureInstant, observers: RouterSet)?,
        sentUnseen: Bool = false
    ) -> [VantagePoint.Stretch] {
        guard vantage.hasSeveral, hasBlindPoint else { return [] }
        var able = sentUnseen ? RouterSet() : before?.observers ?? RouterSet()
        for point in after?.observers.positions ?? [] where point < vantage.points.count && !sentUnseen {
            let couldSee = before.map { vantage.points[point].isOpen(at: $0.instant) } ?? false
            if !couldSee { able.insert(point) }
        }
        if let own = point(of: position), own < Vantage.mostPoints { able.insert(own) }
        // Nobody is blind while one of them sees all the time.
        for point in able.positions where point < vantage.points.count {
            if vantage.points[point].blind.isEmpty { return [] }
        }
        let start = before?.instant ?? .distantPast
        let end = after?.instant ?? .distantFuture
        let seeing = able.positions.filter { $0 < vantage.points.count }
        return vantage.blindness(ofAll: seeing, from: start, to: end)
    }

    /// Whether some point is blind at some time.
    var hasBlindPoint: Bool {
        for point in vantage.points.indices where !vantage.points[point].blind.isEmpty { return true }
        return false
    }

    /// The end of the latest stretch since a router's latest advertisement in which nobody could have seen it; `nil` for none.
    package func blindnessEnd(of position: Int) -> CaptureInstant? {
        let belief = routers[position].belief
        return blindness(of: position, after: (belief.spoke, belief.observers), before: nil).last?.end
    }

    /// Whether part of the silence since a router's latest advertisement could not have been noticed.
    func isUnnoticed(_ position: Int, until instant: CaptureInstant) -> Bool {
        guard vantage.hasSeveral, hasBlindPoint else { return false }
        let belief = routers[position].belief
        return !blindness(of: position, after: (belief.spoke, belief.observers), before: nil)
            .filter { $0.start < instant }.isEmpty
    }
}

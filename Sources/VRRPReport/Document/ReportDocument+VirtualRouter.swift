internal import VRRPFacts
internal import VRRPFindings
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// A virtual router and its course.
    package struct VirtualRouter: Sendable {
        /// The name, `untagged/ipv4/51`.
        package var id: String
        package var segment: Segment
        package var family: AddressFamily
        package var vrid: UInt8
        /// The versions of VRRP that its routers speak.
        package var versions: [UInt8]
        package var addresses: [IPAddress]
        package var virtualMAC: MACAddress
        /// The routers in the order of their first advertisements.
        package var routers: [Router]
        /// The timeline, gapless and in order of time.
        package var timeline: [Stretch]
        package var transitions: [Transition]
        /// The announcements of its addresses; in pictures only.
        package var announcements: [Announcement]
        /// The time that the report tells of.
        var span = CaptureInstant.distantPast...CaptureInstant.distantFuture
        /// The courses of its routers by their own logs; in pictures only.
        package var lanes: [Lane] = []
    }

    /// A stretch of the timeline, in which the masters stay the same.
    package struct Stretch: Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var state: TimelineInterval.State
        package var basis: TimelineInterval.Basis
        package var masters: [IPAddress]

        package var length: TimeSpan { end - start }
    }
}

extension ReportDocument.VirtualRouter {
    init(_ subject: Subject, _ names: ReportNames) {
        let (virtualRouter, history) = (subject.virtualRouter, subject.history)
        let key = virtualRouter.key
        segment = names.segment(key.segment)
        id = ReportNames.id(key, on: segment)
        family = key.family
        vrid = key.vrid
        versions = Array(virtualRouter.versions)
        addresses = virtualRouter.addresses
        virtualMAC = .virtualRouter(key.vrid, key.family)
        routers = virtualRouter.routers.indices.map { index in
            ReportDocument.Router(
                index,
                of: virtualRouter,
                masterTime: history.masterTime[index],
                givenKeys: subject.observation.givenKeys,
                subject.roster
            )
        }
        timeline = history.timeline.map { interval in
            ReportDocument.Stretch(
                start: interval.start,
                end: interval.end,
                state: interval.state,
                basis: interval.basis,
                masters: interval.masters.map { virtualRouter.routers[$0].address }
            )
        }
        transitions = history.transitions.map { transition in
            var told = ReportDocument.Transition(transition, of: virtualRouter, subject.roster)
            told.reasons = ReportDocument.Transition.reasons(for: transition, in: subject)
            return told
        }
        lanes = ReportDocument.Lane.all(of: subject)
        announcements = ReportDocument.Announcement.all(of: virtualRouter)
    }

    /// The longest interval that a router advertises, which is the scale of everything that happens here.
    var interval: TimeSpan { max(routers.compactMap(\.advertInterval).max() ?? .seconds(1), .milliseconds(10)) }

    /// The number of changes of master; the first master of a capture is no change.
    var changes: Int { transitions.count { $0.cause != .initial } }

    /// The addresses, by which the users of the virtual router know it; the VRID where no address is known.
    package var title: String {
        guard let first = addresses.first else { return "virtual router \(vrid)" }
        guard addresses.count > 1 else { return first.description }
        return "\(first) and \(Words.count(addresses.count - 1, "more address", "more addresses"))"
    }
}

extension ReportDocument {
    /// The names of one of its virtual routers.
    func name(of virtualRouter: VirtualRouter) -> VirtualRouterName {
        VirtualRouterName(
            id: virtualRouter.id,
            vrid: virtualRouter.vrid,
            addresses: virtualRouter.addresses,
            place: hasSeveralSegments ? virtualRouter.segment.name : nil
        )
    }
}

extension ReportDocument.Stretch {
    /// The masters, and whether they are only the likeliest ones.
    var mastersInWords: String {
        guard state == .uncertain else { return masters.joinedByPlus }
        return masters.isEmpty ? "probably nobody" : "probably \(masters.joinedByPlus)"
    }
}

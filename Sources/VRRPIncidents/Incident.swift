package import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// Something that happened, over all virtual routers: changes of master and findings with one cause and one time.
package struct Incident: Hashable, Sendable {
    /// The kinds; the raw values are the words of reports.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A master fell silent without resigning.
        case routerLost = "router-lost"
        /// A better router came, or came back, and took over from a live one.
        case routerReturned = "router-returned"
        /// A master resigned by priority 0, or lowered its priority and was relieved.
        case plannedHandover = "planned-handover"
        /// Several routers were master at the same time.
        case split
        /// A master that others took for dead went on advertising, and nobody heard it.
        case isolated
        /// A master kept silent for longer than it should, and stayed master or became master again by itself.
        case stall
        /// A router came with another priority than it had, and mastership moved for that.
        case configurationChange = "configuration-change"
        /// A virtual address was claimed by a host that is not its master.
        case addressConflict = "address-conflict"
        /// A change whose reason the capture could not have seen.
        case other
    }

    /// A change of master, by its virtual router and its place among that one's transitions.
    package struct TransitionReference: Hashable, Sendable {
        package var virtualRouter: VirtualRouterKey
        package var index: Int
    }

    package var kind: Kind
    /// The weight for users; `nil` where nobody was interrupted and all went as planned.
    package var severity: Severity?
    /// The first instant of it: of a silent master, its last advertisement.
    package var start: CaptureInstant
    /// The last instant of it, or the end of the observation where it lasts.
    package var end: CaptureInstant
    /// Whether the effect on users lasted when the observation ended.
    package var isOngoing: Bool
    /// The routers whose doing or suffering it is, as their addresses; of a split, all that were master.
    package var routers: [IPAddress]
    /// The virtual routers concerned, in the order in which they were reached.
    package var virtualRouters: [VirtualRouterKey]
    /// The virtual addresses concerned.
    package var addresses: [IPAddress]
    /// The number of virtual routers that have another master behind it than before it.
    package var moved: Int
    /// The longest time for which a virtual router had no master; `nil` where that is not known.
    package var worstOutage: TimeSpan?
    package var transitions: [TransitionReference]
    /// Positions of the findings about it in the list that the incidents were told with.
    package var findings: [Int]
    /// The happenings in each of the virtual routers.
    package var happenings: [Happening]
    /// The cause in a clause, where a finding knows it.
    package var reason: String?

    /// The identity of an incident as long as its first happening stays the same.
    package var identity: Happening.Identity { happenings[0].identity }
}

/// Something that happened to one virtual router: one change of master, or several that are one thing.
package struct Happening: Hashable, Sendable {
    /// The marks that tell one happening from another, however it goes on.
    package struct Identity: Hashable, Sendable {
        package var virtualRouter: VirtualRouterKey?
        package var start: CaptureInstant
        package var isChange: Bool
    }

    /// Further facts, for the story.
    package enum Detail: Hashable, Sendable {
        case none
        /// No other router took over.
        case nobodyFollowed
        /// No other router took over, and the same one came back.
        case cameBackItself
        /// The router was never heard before.
        case firstHeard
        /// The router had another priority before.
        case priority(from: UInt8, to: UInt8)
        /// The master was heard again later, and whether its numbering shows that it was not restarted.
        case heardAgain(at: CaptureInstant, Numbering)
        /// The finding of which the happening is made, in its own words.
        case found(summary: String)
    }

    /// The evidence of the numbers of a router's packets about a silence.
    package enum Numbering: Hashable, Sendable {
        /// They say nothing.
        case silent
        /// It sent nothing, and goes on where it was.
        case goesOn
        /// It sent a part of what was due, and was not restarted.
        case sentSome
        /// It sent all that was due.
        case sentOn
        /// It counts anew.
        case anew
    }

    package var kind: Incident.Kind
    /// The virtual router; `nil` for one that is made of a finding about the observation as a whole.
    package var virtualRouter: VirtualRouterKey?
    /// The addresses of the virtual router.
    package var addresses: [IPAddress]
    /// The routers whose doing or suffering it is.
    package var actors: [Speaker]
    /// The masters behind it, the actors left out.
    package var successors: [Speaker]
    package var start: CaptureInstant
    package var end: CaptureInstant
    package var isOngoing: Bool
    /// The stretch in which its cause lies: happenings with a common cause have stretches that meet.
    package var causedAfter: CaptureInstant
    package var causedBefore: CaptureInstant
    /// The longest interval that a router of the virtual router advertises.
    package var interval: TimeSpan
    package var outage: TimeSpan?
    /// The longest outage that the timers allow.
    package var bound: TimeSpan?
    package var isLate: Bool
    /// The finding that must have been made for it to be as grave as it looks.
    package var gravity: Gravity
    package var isMoved: Bool
    /// The places of the changes among the transitions of the virtual router; empty for one that is made of a finding.
    package var transitions: Range<Int>
    package var detail: Detail

    /// The weight of a happening, and the findings that bear it out.
    package enum Gravity: Hashable, Sendable {
        /// Nobody was interrupted for longer than planned.
        case planned
        /// It was short, late or unclear.
        case slight
        /// A master failed and the next one took over in time: `failover`.
        case failover
        /// Nobody was master for too long: `no-master`.
        case unanswered
        /// Several were master for too long: `split-brain`.
        case divided
        /// As grave as the finding that it is made of.
        case given(Severity)
    }

    package var identity: Identity {
        Identity(virtualRouter: virtualRouter, start: start, isChange: !transitions.isEmpty)
    }
}

/// A router as it is known across virtual routers.
package struct Speaker: Hashable, Sendable {
    package var address: IPAddress
    /// Its MAC addresses, virtual ones left out.
    package var macs: [MACAddress]
    /// Its name in the configurations.
    package var name: String?

    /// The name with the address, or the address alone.
    package var label: String { name.map { "\($0) (\(address))" } ?? address.description }
}

internal import VRRPFacts
internal import VRRPWire

// Many new senders at once: a segment has few routers, so none of a crowd is believed before it goes on.

extension VirtualRouter {
    /// Whether so many senders are new that none of them is believed before it goes on.
    ///
    /// A sender in doubt is new for as long as another advertisement of its own could make it believed.
    func isCrowded(at now: CaptureInstant, besides position: Int) -> Bool {
        var count = 0
        for other in routers.indices where other != position {
            let since = now - routers[other].lastSeen
            if let held = routers[other].held.last, routers[other].isOnProbation {
                guard since <= max(Stranger.crowding, Stranger.patience(held.content)) else { continue }
            } else {
                guard routers[other].isMomentary, since <= Stranger.crowding else { continue }
            }
            count += 1
            if count >= Stranger.crowd { return true }
        }
        return false
    }

    /// Doubts the first senders of a crowd like the later ones: each was believed because it seemed to be alone.
    ///
    /// Who was heard while nobody spoke is waited for, and who announced the addresses took over as a master does.
    mutating func doubtCrowd(at now: CaptureInstant, besides position: Int) {
        for other in routers.indices where other != position && routers[other].isMomentary {
            guard !routers[other].isOnProbation, routers[other].isUncalled, !routers[other].hasAnnounced,
                now - routers[other].lastSeen <= Stranger.crowding
            else { continue }
            doubt(other)
        }
    }

    /// The number of routers of one virtual router that a host can be, behind a gateway that forwards unicast VRRP, or in the
    /// course of changes of its address.
    private static let mostOfOneHost = 8

    /// Whether a MAC address is that of more routers than a host can be; the virtual one is everybody's.
    func isOfCrowd(_ mac: MACAddress?) -> Bool {
        guard let mac, !mac.isVirtualRouter else { return false }
        var count = 0
        for position in routers.indices where routers[position].macs.contains(mac) { count += 1 }
        return count > Self.mostOfOneHost
    }
}

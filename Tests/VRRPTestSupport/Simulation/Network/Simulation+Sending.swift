import VRRPWire

extension Simulation {
    /// Sends an advertisement to the group, or to each peer.
    mutating func send(_ advert: SimulatedAdvert, at now: TimeSpan) {
        var advert = advert
        let sender = advert.sender
        if routers[sender].daemon.identification == .byKernel {
            // Other packets of the host count too.
            advert.identification = advert.identification &+ UInt16(truncatingIfNeeded: now.nanoseconds / 8_000_000)
        }
        guard advert.settings.isUnicast else {
            transmit(advert, to: nil, at: now)
            return
        }
        for peer in advert.settings.peers {
            transmit(advert, to: routers.firstIndex { $0.address == peer }, at: now)
        }
    }

    private mutating func transmit(_ advert: SimulatedAdvert, to peer: Int?, at now: TimeSpan) {
        let sender = advert.sender
        guard paths[sender].hasLink, !noise[sender].chance(paths[sender].outboundLoss, of: 100) else { return }
        let destination = peer.map { (address: routers[$0].address, mac: routers[$0].mac) }
        capture(.advert(advert, to: destination?.address), advert.bytes(to: destination), of: sender, at: now)
        for receiver in routers.indices where receiver != sender && (peer ?? receiver) == receiver {
            deliver(advert, to: receiver, at: now)
            if noise[sender].chance(plan.conditions.duplicatesPerMille, of: 1000) {
                deliver(advert, to: receiver, at: now + .milliseconds(1))
            }
        }
    }

    private mutating func deliver(_ advert: SimulatedAdvert, to receiver: Int, at now: TimeSpan) {
        let path = paths[receiver]
        let delay = noise[advert.sender].span(plan.conditions.shortestDelay, plan.conditions.longestDelay)
        let isLost = noise[advert.sender].chance(path.inboundLoss, of: 100)
        guard path.hasLink, path.isParted == paths[advert.sender].isParted, !isLost else { return }
        queue.add(.arrival(advert, at: receiver), at: now + delay)
    }

    mutating func announce(_ address: IPAddress, by router: Int, at now: TimeSpan) {
        guard paths[router].hasLink else { return }
        let mac = routers[router].sourceMAC
        let bytes =
            switch address.family {
            case .ipv4: Self.padded(.announcement(of: address, at: mac)).bytes
            case .ipv6: NeighborAdvertisementFrame.announcement(of: address, at: mac).bytes
            }
        capture(.announcement(of: address, by: mac), bytes, of: router, at: now)
    }

    /// An Ethernet has no frame as short as ARP's.
    private static func padded(_ frame: ARPFrame) -> ARPFrame {
        var frame = frame
        frame.isPadded = true
        return frame
    }

    /// Lets the capture on the sender's half see a frame.
    private mutating func capture(
        _ content: StoryRecording.Frame.Content,
        _ bytes: [UInt8],
        of sender: Int,
        at now: TimeSpan
    ) {
        let observer = routers.count
        let jitter = noise[observer].span(.zero, plan.conditions.captureJitter)
        guard !noise[observer].chance(captureLoss, of: 100), now + jitter <= plan.length else { return }
        let half = paths[sender].isParted ? 1 : 0
        recording.frames.append(.init(time: now + jitter, capture: half, content: content, bytes: bytes))
    }
}

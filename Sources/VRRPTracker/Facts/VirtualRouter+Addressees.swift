internal import VRRPWire

extension VirtualRouter {
    /// The way in which a capture shows that a router never addresses another one by unicast.
    package enum MissingPeer: Hashable, Sendable {
        /// A capture that holds the opposite direction, and others that the sender addresses, holds nothing.
        case shown
        /// No capture holds any advertisement from the one to the other, and none would have to.
        case unseen
    }

    /// Whether, and how surely, a router that sends unicast leaves another unicast sender out.
    ///
    /// - Returns: `nil` where the sender addresses the other one, sent too little to tell, or sends multicast too; likewise
    ///   where both seem to be one machine.
    package func missingPeer(of sender: Int, _ receiver: Int) -> MissingPeer? {
        guard sender != receiver, routers[sender].adverts >= Self.settledRounds else { return nil }
        let addressees = routers[sender].addressees
        guard !addressees.isEmpty, addressees.count < Router.mostAddressees,
            routers[sender].deliveries.allSatisfy({ !$0.isMulticast }),
            routers[receiver].deliveries.allSatisfy({ !$0.isMulticast }),
            !addressees.contains(where: { $0.address == routers[receiver].address }),
            !routers[sender].macs.contains(where: { !$0.isVirtualRouter && routers[receiver].macs.contains($0) })
        else { return nil }
        guard let back = routers[receiver].addressees.first(where: { $0.address == routers[sender].address }),
            addressees.contains(where: { $0.observers.intersects(back.observers) })
        else { return .unseen }
        return .shown
    }

    /// The number of advertisements after which a router has addressed all its peers: one round may be cut off by a capture's
    /// beginning, and one by a reload.
    private static var settledRounds: Int { 3 }
}

extension Router {
    /// Notes the destination of a unicast advertisement; a new one is news.
    mutating func noteAddressee(of received: borrowing ReceivedAdvertisement) -> News {
        guard !received.content.isMulticast else { return .none }
        let address = received.content.destination
        let observer = min(received.sighting.observer, Tracker.mostRoutersEach - 1)
        for index in addressees.indices where addressees[index].address == address {
            return News(addressees[index].observers.insert(observer))
        }
        guard addressees.count < Self.mostAddressees else { return .none }
        var addressee = Addressee(address: address, evidence: received.sighting.reference)
        addressee.observers.insert(observer)
        addressees.append(addressee)
        return .some
    }
}

internal import VRRPTracker
internal import VRRPWire

/// The instants at which one router became master of a virtual router and ceased to be, as far as they show to the millisecond.
struct WireCourse {
    /// The position of the virtual router in the observation.
    var virtualRouter: Int
    var key: VirtualRouterKey
    /// The router's position in it.
    var router: Int
    var address: IPAddress
    /// The host: its MAC address, or its address where it sends from a virtual one.
    var host: String
    var begins: [CaptureInstant] = []
    /// Whether the first of them may be later than it seems, because the capture began shortly before.
    var isFirstVague = false
    var ends: [CaptureInstant] = []

    /// The number of changes that are looked at.
    private static let most = 256

    /// The courses of all routers of an observation.
    static func all(in observation: Observation) -> [Self] {
        observation.virtualRouters.enumerated().flatMap { position, virtualRouter in
            let history = virtualRouter.history(in: observation)
            return virtualRouter.routers.indices.map { router in
                Self(position, virtualRouter, router, history, since: observation.start ?? virtualRouter.firstAdvert)
            }
        }
    }

    private init(
        _ position: Int,
        _ virtualRouter: VirtualRouter,
        _ router: Int,
        _ history: History,
        since start: CaptureInstant
    ) {
        self.virtualRouter = position
        key = virtualRouter.key
        self.router = router
        let speaker = virtualRouter.routers[router]
        address = speaker.address
        let own = speaker.macs.first { $0 != virtualRouter.virtualMAC }
        host = own?.description ?? speaker.address.description
        // A master that speaks soon after the capture began may have been master before.
        let soon = start + virtualRouter.advertisementInterval + .milliseconds(100)
        for reign in history.reigns where reign.router == router {
            if begins.isEmpty, reign.start <= soon { isFirstVague = true }
            if begins.count < Self.most { begins.append(reign.start) }
            guard let end = reign.end, ends.count < Self.most else { continue }
            switch reign.endReason {
            case .resigned, .yielded: ends.append(end)
            case .silent, nil: break
            }
        }
    }
}

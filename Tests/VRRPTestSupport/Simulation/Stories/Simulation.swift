import VRRPWire

/// Plays a plan: routers, the network between them and the captures beside them, event by event.
package struct Simulation {
    enum Event {
        case step(Int)
        /// A process that was started is ready.
        case ready(Int, life: Int)
        case settingsRead(Int, RouterSettings, life: Int)
        case arrival(SimulatedAdvert, at: Int)
        case timer(Int, generation: Int)
        case announcements(Int, generation: Int)
    }

    let plan: StoryPlan
    var routers: [SimulatedRouter]
    var paths: [Path]
    /// What waits for a stalled process, in the order in which it became ready.
    var waiting: [[Event]]
    /// Counts the starts and ends of each process, so that what was meant for an earlier one comes to nothing.
    var lives: [Int]
    var daemons: [Daemon]
    /// The generation of the timer that is in the queue already.
    var queuedTimers: [Int]
    var queue = EventQueue<Event>()
    /// Chance, for each router and the captures.
    var noise: [SplitMix64]
    var captureLoss = 0
    var recording: StoryRecording

    private init(_ plan: StoryPlan) {
        self.plan = plan
        routers = plan.routers.enumerated().map { index, router in
            SimulatedRouter(
                index: index,
                address: router.address,
                daemon: router.daemon,
                settings: router.settings,
                clockRate: router.clockRate,
                firstIdentification: router.firstIdentification
            )
        }
        let count = routers.count
        paths = Array(repeating: Path(), count: count)
        waiting = Array(repeating: [], count: count)
        lives = Array(repeating: 0, count: count)
        daemons = plan.routers.map(\.daemon)
        queuedTimers = Array(repeating: 0, count: count)
        noise = (0...UInt64(count)).map { SplitMix64(seed: plan.seed &* 31 &+ $0) }
        recording = StoryRecording(plan: plan)
        for (index, step) in plan.steps.enumerated() { queue.add(.step(index), at: step.time) }
    }

    package static func play(_ plan: StoryPlan) -> StoryRecording {
        var simulation = Self(plan)
        while let (now, event) = simulation.queue.next(), now <= plan.length { simulation.handle(event, at: now) }
        simulation.recording.frames.sort { $0.time < $1.time }
        return simulation.recording
    }

    private mutating func handle(_ event: Event, at now: TimeSpan) {
        switch event {
        case .step(let index): perform(plan.steps[index].deed, at: now)
        case .ready(let router, let life):
            guard life == lives[router] else { return }
            routers[router].start(at: now)
            if !paths[router].hasLink { routers[router].loseLink() }
            settle(router, at: now)
        case .settingsRead(let router, let settings, let life):
            guard life == lives[router] else { return }
            if wait(router, event) { return }
            routers[router].takeUp(settings, at: now)
            settle(router, at: now)
        case .arrival(let advert, let router):
            if wait(router, event) { return }
            routers[router].hear(advert, at: now)
            settle(router, at: now)
        case .timer(let router, let generation):
            guard generation == routers[router].timerGeneration else { return }
            if wait(router, event) { return }
            routers[router].timerEnded(at: now)
            settle(router, at: now)
        case .announcements(let router, let generation):
            guard generation == routers[router].announcementGeneration else { return }
            if wait(router, event) { return }
            routers[router].announceAgain()
            settle(router, at: now)
        }
    }

    /// Puts an event aside if the process does not run, and returns whether it does not.
    private mutating func wait(_ router: Int, _ event: Event) -> Bool {
        guard paths[router].isStalled else { return false }
        waiting[router].append(event)
        return true
    }

    /// Carries out what a router has just done, and sets its timer.
    mutating func settle(_ router: Int, at now: TimeSpan) {
        let acts = routers[router].outbox
        routers[router].outbox.removeAll(keepingCapacity: true)
        var now = now
        for act in acts {
            now = now + noise[router].span(TimeSpan(nanoseconds: 20_000), TimeSpan(nanoseconds: 250_000))
            switch act {
            case .advertise(let advert): send(advert, at: now)
            case .announce(let address): announce(address, by: router, at: now)
            case .announceAgain(let span):
                let generation = routers[router].announcementGeneration
                queue.add(.announcements(router, generation: generation), at: now + span)
            case .enter(let state): log(state, of: router, at: now)
            }
        }
        let generation = routers[router].timerGeneration
        guard let deadline = routers[router].deadline, generation != queuedTimers[router] else { return }
        queuedTimers[router] = generation
        queue.add(.timer(router, generation: generation), at: deadline + lateness(of: router))
    }

    private mutating func lateness(of router: Int) -> TimeSpan {
        let conditions = plan.conditions
        let isRare = noise[router].chance(1, of: max(conditions.rareEvery, 1)) && conditions.rareEvery > 0
        return noise[router].span(.zero, isRare ? conditions.rareLateness : conditions.timerLateness)
    }

    private mutating func log(_ state: SimulatedRouter.State, of router: Int, at now: TimeSpan) {
        switch state {
        case .master: recording.log.append(.init(now, router, .master))
        case .backup: recording.log.append(.init(now, router, .backup))
        case .fault: recording.log.append(.init(now, router, .fault))
        case .off: break
        }
    }
}

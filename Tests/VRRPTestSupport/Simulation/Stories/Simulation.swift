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
    /// The events that wait for each router's stalled process, in the order in which they became ready.
    var waiting: [[Event]]
    /// Counts the starts and ends of each process, so that what was meant for an earlier one comes to nothing.
    var lives: [Int]
    var daemons: [Daemon]
    /// The instants up to which each router is busy with what it is doing.
    var busyUntil: [TimeSpan]
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
        busyUntil = Array(repeating: .zero, count: count)
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
            attend(router, event, at: now) { $0.takeUp(settings, at: now) }
        case .arrival(let advert, let router):
            attend(router, event, at: now) { $0.hear(advert, at: now) }
        case .timer(let router, let generation):
            guard generation == routers[router].timerGeneration else { return }
            attend(router, event, at: now) { $0.timerEnded(at: now) }
        case .announcements(let router, let generation):
            guard generation == routers[router].announcementGeneration else { return }
            attend(router, event, at: now) { $0.announceAgain() }
        }
    }

    /// Lets a process do something, as soon as it runs and has done with what it is doing.
    private mutating func attend(
        _ router: Int,
        _ event: Event,
        at now: TimeSpan,
        _ act: (inout SimulatedRouter) -> Void
    ) {
        if paths[router].isStalled {
            waiting[router].append(event)
        } else if now < busyUntil[router] {
            queue.add(event, at: busyUntil[router])
        } else {
            act(&routers[router])
            settle(router, at: now)
        }
    }

    /// Carries out what a router has just done, and sets its timer.
    mutating func settle(_ router: Int, at now: TimeSpan) {
        let acts = routers[router].outbox
        routers[router].outbox.removeAll(keepingCapacity: true)
        var now = max(now, busyUntil[router])
        for (index, act) in acts.enumerated() {
            // Whatever it does first, it does at once.
            let most = TimeSpan(nanoseconds: index == 0 ? 20_000 : 250_000)
            now = now + noise[router].span(TimeSpan(nanoseconds: 5000), most)
            switch act {
            case .advertise(let advert): send(advert, at: now)
            case .announce(let address): announce(address, by: router, at: now)
            case .announceAgain(let span):
                let generation = routers[router].announcementGeneration
                queue.add(.announcements(router, generation: generation), at: now + span)
            case .enter(let state): note(state, of: router, at: now)
            }
        }
        busyUntil[router] = now
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

    private mutating func note(_ state: SimulatedRouter.State, of router: Int, at now: TimeSpan) {
        switch state {
        case .master: log(.master, of: router, at: now)
        case .backup: log(.backup, of: router, at: now)
        case .fault: log(.fault, of: router, at: now)
        case .off: break
        }
    }

    /// Notes what is done to a router or said by it, behind what it is still doing.
    mutating func log(_ event: TruthLog.Event, of router: Int, at now: TimeSpan) {
        recording.log.append(.init(max(now, busyUntil[router]), router, event))
    }
}

internal import Glibc
internal import VRRPFacts
internal import VRRPWire

extension LiveCapture {
    /// An interface and whether anything can be seen there.
    struct Link {
        /// `nil` where the system does not know it by any.
        var name: String?
        var index: UInt32 = 0
        var isUp = true
        var isGone = false
        /// The instant up to which blindness was reported; `nil` while the interface can be watched.
        var blindUntil: CaptureInstant?
    }

    /// Looks at each link for the first time.
    func startLinks(at clock: ClockPair) -> [LinkChange] {
        asked = clock
        if !isOpen, !links.isEmpty {
            links[0].isGone = links[0].index == 0
            links[0].isUp = false
            links[0].blindUntil = clock.realtime
            return [LinkChange(number: 0, interface: interface, state: .gone)]
        }
        return checkLinks(at: clock)
    }

    /// Looks at each link again, and opens an interface that is back.
    ///
    /// Throws ``CaptureError`` where one that is back cannot be opened.
    func checkLinks(at clock: ClockPair) -> [LinkChange] {
        links.indices.flatMap { checkLink($0, at: clock) }
    }

    private func checkLink(_ number: Int, at clock: ClockPair) -> [LinkChange] {
        guard !links[number].isGone, let name = links[number].name, links[number].index != 0 else { return [] }
        var changes: [LinkChange] = []
        guard let current = Self.name(ofInterface: links[number].index) else {
            links[number].isGone = true
            links[number].isUp = false
            links[number].blindUntil = links[number].blindUntil ?? clock.realtime
            return [LinkChange(number: number, interface: name, state: .gone)]
        }
        if current != name {
            links[number].name = current
            changes.append(LinkChange(number: number, interface: name, state: .renamed, newName: current))
        }
        guard let isUp = hasLink(current), isUp != links[number].isUp else { return changes }
        links[number].isUp = isUp
        if !isUp { links[number].blindUntil = clock.realtime }
        changes.append(LinkChange(number: number, interface: current, state: isUp ? .up : .down))
        return changes
    }

    /// Reopens an interface that exists but from which nothing can be read.
    ///
    /// Throws ``CaptureError`` where that cannot be done or has just been done.
    func renew(after failure: String, at clock: ClockPair) throws(CaptureError) {
        let isRepeated = renewed.map { clock.monotonic - $0 < .seconds(1) } ?? false
        guard interface != "any", !isRepeated else {
            throw CaptureError(.cannotRead, path: interface, detail: failure)
        }
        renewed = clock.monotonic
        closeHandle()
        do throws(CaptureError) {
            try open()
        } catch {
            guard error.code == .notPermitted else { throw error }
            throw CaptureError(
                .notPermitted,
                path: interface,
                detail: "Reading ended (\(failure)), and the permission to open the interface again was given up.",
                hint: "--wait, which keeps it"
            )
        }
    }

    /// Tries to open an interface that is away, and returns the resulting changes.
    ///
    /// Throws ``CaptureError`` where there is one again that cannot be captured on, for another reason than being down.
    func reopen(at clock: ClockPair) throws(CaptureError) -> [LinkChange] {
        guard !isOpen, let name = links.first?.name, Interfaces.exists(name) else { return [] }
        do throws(CaptureError) {
            try open()
        } catch {
            guard error.code == .noSuchInterface || error.code == .interfaceDown else { throw error }
            return []
        }
        links[0].isGone = false
        links[0].isUp = true
        return [LinkChange(number: 0, interface: name, state: .back)] + checkLinks(at: clock)
    }

    /// The stretches up to now in which links were down, since the last time.
    func blindGaps(at clock: ClockPair) -> [(gap: BlindSpot, interface: Int)] {
        links.indices.compactMap { number in
            guard let start = links[number].blindUntil else { return nil }
            let isOver = links[number].isUp && !links[number].isGone
            links[number].blindUntil = isOver ? nil : clock.realtime
            return (BlindSpot(from: start, to: clock.realtime, .linkDown), number)
        }
    }
}

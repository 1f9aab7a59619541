internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPReport
internal import VRRPTracker
internal import VRRPVantage
internal import VRRPWire

extension MergedFiles {
    /// One of the files: looked into, then read, then closed.
    ///
    /// A class, so that nothing is copied for each frame.
    final class Source {
        let path: String
        private let salvages: Bool
        /// The open file; `nil` before its turn to be read and when it has been read.
        private(set) var file: CaptureFile?
        /// The reason for which no packet can be read, where the file is damaged from the start or cannot be opened.
        private(set) var damage: CaptureError?
        /// The whole file, where it is small and kept in memory until it has been read.
        private(set) var contents: FileContents?
        /// The bundle that the file is, which holds the capture; `nil` for captures.
        private(set) var bundle: RouterBundle?
        /// The instant of the first frame; `nil` without frames.
        private(set) var first: CaptureInstant?
        /// The position of its first capture among all; extracts of several captures stand for as many.
        var firstCapture = 0 {
            didSet { firstObserver = firstCapture }
        }
        /// The observer of this file's first capture: the file itself, or the earlier file that it continues.
        var firstObserver = 0
        private(set) var captureCount = 1
        var hasStarted = false
        private(set) var hasEnded = false

        /// The points that its interfaces are, where that was found out; `nil` for interfaces without frames.
        private(set) var views: [VantagePlan.View?] = []
        /// The clock by which its frames are stamped; `nil` where that is the clock of the report.
        private var clock: VantagePlan.View?
        /// Whether the interfaces of its file are stamped by different clocks, so that the file's own times tell little.
        private var hasSeveralClocks = false
        /// The latest instant of a frame that it delivered, by the clock of the report, where there are several clocks.
        private var latestViewed: CaptureInstant?
        /// The number of the frame that was read last.
        private var number = 0
        /// Whether other points see while this file is blind.
        private var isOneOfSeveral = false
        /// Whether another file may hold the frame that was seen last as well.
        private(set) var mayRepeat = false
        /// Whether it stands for its file in the report; another reader of the same file does not.
        private(set) var describes = true

        private var lastSummary: CaptureDescription?
        private var lastProgress: (read: UInt64, size: UInt64?) = (0, nil)
        private var interfaceNames: [String?] = []
        private var interfaceSensors: [String?] = []
        /// The interfaces of sensors that frames are from, by the number of the interface in the file.
        var places: [Int: NumberedPlace?] = [:]
        private var origins: [InterfaceOrigin?] = [] {
            didSet { hasOrigins = origins.contains { $0 != nil } }
        }
        /// Whether some interface has an origin, as in an extract.
        private var hasOrigins = false
        /// The frames of each capture in an extract.
        private var shares: [Share] = []
        /// The instant of the last frame, when the file has been read.
        private var last: CaptureInstant?
        /// The longest time between a frame and the one after it.
        private var longestSilence = TimeSpan.zero

        /// The origins of the frames that were lent so far, in an extract.
        private var frameOrigins = FrameOrigins()

        /// A capture within an extract.
        private struct Share {
            var name: String?
            var interfaceNames: [String?] = []
            var packets = 0
            var firstPacket: CaptureInstant?
            var lastPacket: CaptureInstant?
        }

        /// Opens a file and reads its first frame.
        ///
        /// - Parameters:
        ///   - path: the path of the file.
        ///   - salvages: whether reading goes on behind damage.
        ///   - isOneOfSeveral: whether there are others, which are read though this one cannot be.
        ///   - isRegular: whether it is known to be a regular file.
        /// - Throws: ``Failure`` with status 3 where the file cannot be opened, is no directory and is the only one.
        init(path: String, salvages: Bool, isOneOfSeveral: Bool = false, isRegular: Bool = false) throws {
            self.path = path
            self.salvages = salvages
            do throws(CaptureError) {
                guard let file = try openFirst(isRegular) else {
                    // A bundle without packets, as whoever may not capture makes it.
                    hasEnded = true
                    return
                }
                self.file = file
                contents = file.contents
                if file.advance() {
                    first = file.instant
                } else {
                    hasEnded = true
                }
                captureCount = file.interfaceOrigins.compactMap { $0?.captureCount }.max() ?? 1
                (originFiles, segmentLines) = (file.originFiles, file.segmentLines)
            } catch  where error.isDamage || isOneOfSeveral || error.code == .isDirectory {
                damage = error
                hasEnded = true
            } catch {
                throw Failure(.couldNotStart, error.message)
            }
        }

        /// Opens the file for the first time, and finds out whether it is a bundle; `nil` for a bundle without packets.
        private func openFirst(_ isRegular: Bool) throws(CaptureError) -> CaptureFile? {
            do throws(CaptureError) {
                return try CaptureFile(path: path, salvages: salvages, isRegular: isRegular)
            } catch {
                guard error.code == .notACapture, path != "-", let bundle = BundleFile.read(path) else { throw error }
                self.bundle = bundle
                return bundle.packets.isEmpty ? nil : try openCapture()
            }
        }

        private func openCapture() throws(CaptureError) -> CaptureFile {
            if let contents { return try CaptureFile(contents: contents, path: path, salvages: salvages) }
            guard let bundle else { return try CaptureFile(path: path, salvages: salvages) }
            return try CaptureFile(bytes: bundle.packets, path: path, salvages: salvages)
        }

        /// Closes the file until it is needed again.
        ///
        /// Pipes stay open, because they cannot be reopened.
        func closeUntilNeeded() {
            guard let file, file.progress.size != nil, !hasEnded else { return }
            lastProgress = (0, file.progress.size)
            self.file = nil
        }

        /// Forgets the bytes of a small file, which is then opened once more for each time that it is read.
        func forgetContents() { contents = nil }

        /// Whether the file cannot be read at all, for no fault of its bytes.
        var isUnreadable: Bool { damage.map { !$0.isDamage } ?? false }

        /// Opens the file again if it was closed until now.
        func open() throws {
            guard file == nil, damage == nil, !hasEnded else { return }
            do throws(CaptureError) {
                let file = try openCapture()
                hasEnded = !file.advance()
                self.file = file
            } catch {
                throw Failure(.couldNotStart, error.message)
            }
        }

        /// Lends the current frame and those behind it; see ``CaptureFile/lendFrames(until:_:)``.
        func lendFrames(until limit: CaptureInstant, _ body: (borrowing Frame) -> LoopControl) {
            guard let file else { return }
            if let masking {
                hasEnded = !file.lendFrames(until: limit) { masking.lend($0, body) }
            } else if describes, !file.originFiles.isEmpty {
                hasEnded = !file.lendFrames(until: limit) { frame in
                    if let origin = file.frameOrigin { frameOrigins.append(origin, of: frame.number) }
                    return body(frame)
                }
            } else {
                hasEnded = !file.lendFrames(until: limit, body)
            }
        }

        /// The file that the current frame came from, and its number there, in an extract; `nil` elsewhere.
        var frameOrigin: FrameOrigin? { file?.frameOrigin }

        /// Lends the last frame of a file that has been read, without its bytes, which are gone; not where there was none.
        func lendLast(_ body: (borrowing Frame) -> Void) {
            guard hasEnded, first != nil, let file else { return }
            _ = file.lendFrames(until: .distantFuture) { frame in
                body(frame)
                return .stop
            }
        }

        /// Passes over most frames from now on that are none of ours; see ``CaptureFile/passOverOrdinary()``.
        func passOverOrdinary() { file?.passOverOrdinary() }

        /// Closes a file that has been read, and keeps the facts about it.
        func close() {
            guard let file else { return }
            last = file.instant
            longestSilence = file.longestSilence
            // A file that is kept says the same each time.
            if contents == nil || lastSummary == nil { lastSummary = file.summary }
            originFiles = file.originFiles
            lastProgress = file.progress
            self.file = nil
        }

        /// Takes the oldest blind spot not yet taken, by the clock of the report.
        func takeBlindSpot() -> BlindSpot? {
            guard var spot = file?.takeBlindSpot(), describes else { return nil }
            if isOneOfSeveral, let view = views.lazy.compactMap(\.self).first { spot.observer = view.point }
            guard clock != nil else { return spot }
            (spot.start, spot.end) = (corrected(spot.start), corrected(spot.end))
            return spot
        }

        /// The instant of the frame that is next, by the clock of the report.
        var instant: CaptureInstant? { (file == nil ? first : file?.instant).map(corrected) }

        private func corrected(_ instant: CaptureInstant) -> CaptureInstant {
            guard let clock else { return instant }
            return clock.clock.corrected(instant, file: clock.file, number: number + 1)
        }

        var progress: (read: UInt64, size: UInt64?) { file?.progress ?? lastProgress }

        /// The latest instant of a frame read so far.
        var latest: CaptureInstant? {
            hasSeveralClocks ? latestViewed : (file?.latest ?? lastSummary?.lastPacket).map(corrected)
        }

        /// The end of the capture: its last frame, or a later instant where the file states one; `nil` before it has
        /// been read.
        var end: CaptureInstant? {
            hasSeveralClocks ? latestViewed : last.map { corrected(max($0, lastSummary?.captureEnd ?? $0)) }
        }

        /// The end of a sensor's file that has no frames, and the place of the file in the sensor's stream; `nil` for others.
        var quietEnd: (instant: CaptureInstant, sensor: SensorExtent)? {
            guard first == nil, let summary, let sensor = summary.sensor, let end = summary.captureEnd else {
                return nil
            }
            return (end, sensor)
        }

        /// The description of the file as far as it has been read.
        var summary: CaptureDescription? { file?.summary ?? lastSummary }

        /// The file that an extract of one file is of, or the file itself.
        var originPath: String {
            guard originFiles.count == 1, captureCount == 1 else { return path }
            return originFiles[0]
        }

        /// The names of the files that an extract is of, as far as they are known.
        private(set) var originFiles: [String] = []

        /// The lines by which an extract tells segments apart; `nil` for any other file.
        private(set) var segmentLines: [String]?

        /// Whether another file goes on where this one ended, as those of a ring buffer do.
        func isContinued(by next: Source, after silence: TimeSpan) -> Bool {
            guard let first, let last else { return false }
            return RingNames.goesOn(
                next.originPath,
                after: originPath,
                silence: silence,
                longestSilence: longestSilence,
                length: last - first
            )
        }

        /// The mask of its frames, where it is read beside a masked bundle.
        var masking: FrameMasking?
        /// The name of the place that goes before the names of interfaces; `nil` for none.
        var placeName: String?

        /// The name of an interface of frames that were seen, such as `eth0`, `r1:eth0`, or `r1` where only the place has one.
        func interfaceName(_ number: Int) -> String? {
            guard let placeName else { return interfaceNames[number] }
            return interfaceNames[number].map { "\(placeName):\($0)" } ?? placeName
        }

        /// The name of an interface of frames that were seen, `interface0` where it has none.
        func interfaceLabel(_ number: Int) -> String {
            if interfaceNames.indices.contains(number), let name = interfaceNames[number] { return name }
            let origin = origins.indices.contains(number) ? origins[number] : nil
            return "interface\(origin?.interface ?? number)"
        }

        /// The sensor of an interface of one of its captures, as its stream or the extract names it; `nil` for none.
        func sensor(ofInterface interface: Int, in capture: Int) -> String? {
            let position = origins.firstIndex { origin in
                origin.map { $0.interface == interface && firstCapture + $0.capture == capture } ?? false
            }
            let number = position ?? interface
            return interfaceSensors.indices.contains(number) ? interfaceSensors[number] : nil
        }

        /// The longest time between two frames of the file; `nil` where several interfaces make that of each unknown.
        var statedSilence: TimeSpan? {
            interfaceNames.count <= 1 && captureCount == 1 && hasEnded ? longestSilence : nil
        }

        /// The sensor of an interface: the one that its stream names, or the one that an extract was made of.
        func sensor(of number: Int, _ given: GivenSegments) -> String? {
            if interfaceSensors.indices.contains(number), let sensor = interfaceSensors[number] { return sensor }
            guard origins.indices.contains(number), let origin = origins[number]?.source else { return nil }
            return given.names(sensor: origin) ? origin : nil
        }

        /// The capture and the observer of the frames of a file without origins.
        struct Place {
            fileprivate let capture: Int
            /// A sighting there, of which only frame, instant and interface are to be filled in.
            fileprivate let sighting: Sighting
            /// The number of interfaces that are known and have no other origin.
            fileprivate let interfaces: Int

            fileprivate init(capture: Int, observer: Int, interfaces: Int) {
                self.capture = capture
                self.interfaces = interfaces
                let reference = FrameReference(capture: capture, frame: 0)
                sighting = Sighting(reference, at: .distantPast, observer: observer)
            }

            /// Returns the sighting of a frame on a known interface of a file without origins; `nil` for any other
            /// frame.
            func sighting(of frame: borrowing Frame) -> Sighting? {
                guard frame.interface < interfaces else { return nil }
                var sighting = sighting
                sighting.reference = FrameReference(capture: capture, frame: frame.number)
                sighting.instant = frame.instant
                sighting.interface = frame.interface
                return sighting
            }
        }

        var place: Place {
            Place(capture: firstCapture, observer: firstObserver, interfaces: hasOrigins ? 0 : origins.count)
        }

        /// Returns the sighting of the current frame, and updates the place for the frames to come.
        func sighting(of frame: borrowing Frame, _ place: inout Place) -> Sighting {
            let number = frame.interface
            if number >= interfaceNames.count {
                learnInterfaces(number, of: file?.summary)
                place = self.place
            }
            var sighting = Sighting(
                FrameReference(capture: firstCapture, frame: frame.number),
                at: frame.instant,
                interface: number,
                observer: firstObserver
            )
            guard let origin = origins[number] else { return sighting }
            shares[origin.capture].packets += 1
            shares[origin.capture].firstPacket = shares[origin.capture].firstPacket ?? frame.instant
            shares[origin.capture].lastPacket = max(shares[origin.capture].lastPacket ?? frame.instant, frame.instant)
            sighting.reference = FrameReference(capture: firstCapture + origin.capture, frame: frame.number)
            sighting.interface = origin.interface
            sighting.observer += origin.capture
            return sighting
        }

        private func learnInterfaces(_ number: Int, of summary: CaptureDescription?) {
            interfaceNames = summary?.interfaceNames ?? []
            origins = file?.interfaceOrigins ?? []
            interfaceSensors = file?.interfaceSensors ?? []
            while interfaceNames.count <= number { interfaceNames.append(nil) }
            while origins.count < interfaceNames.count { origins.append(nil) }
            guard hasOrigins else { return }
            while shares.count < captureCount { shares.append(Share()) }
            for (index, origin) in origins.enumerated() {
                guard let origin else { continue }
                // A joined file has more captures than its first interface named. The rest of it counts as one capture.
                guard origin.capture < captureCount else {
                    origins[index] = nil
                    continue
                }
                shares[origin.capture].name = origin.source
                while shares[origin.capture].interfaceNames.count <= origin.interface {
                    shares[origin.capture].interfaceNames.append(nil)
                }
                shares[origin.capture].interfaceNames[origin.interface] = interfaceNames[index]
            }
        }

        // MARK: Points

        /// Whether the file can be read twice.
        var isRereadable: Bool { damage != nil || first == nil || progress.size != nil }

        /// The number of interfaces that are known so far.
        var interfaceCount: Int { file?.summary.interfaceNames.count ?? 0 }

        /// The file's position in the survey for which it was looked through; `nil` for none.
        private(set) var placeInSurvey: Int?

        /// Whether it was looked through, or there is nothing to look at.
        var needsNoLook: Bool { placeInSurvey != nil || damage != nil || first == nil }

        /// Looks through the whole file, and closes it until it is needed again.
        func look(into survey: inout Survey) throws {
            guard damage == nil, first != nil else { return }
            try open()
            let position = survey.addFile()
            placeInSurvey = position
            guard let file else { return }
            var blindSpots: [BlindSpot] = []
            while !hasEnded {
                lendFrames(until: .distantFuture) { frame in
                    survey.take(
                        frame.bytes,
                        originalLength: frame.originalLength,
                        linkType: frame.linkType,
                        at: frame.instant,
                        number: frame.number,
                        of: position,
                        interface: frame.interface
                    )
                    return .continue
                }
                while let spot = file.takeBlindSpot() { blindSpots.append(spot) }
            }
            let summary = file.summary
            learnInterfaces(0, of: summary)
            survey.finish(position, summary, blindSpots: blindSpots, silences: file.interfaceSilences)
            lastSummary = summary
            close()
            hasEnded = false
        }

        /// The capture that an interface belongs to, and its position there, when the file has been looked through.
        func origin(of interface: Int) -> (capture: Int, interface: Int) {
            guard interface < origins.count, let origin = origins[interface] else { return (firstCapture, interface) }
            return (firstCapture + origin.capture, origin.interface)
        }

        /// Learns from which points its frames are.
        ///
        /// - Parameters:
        ///   - views: the points of its interfaces.
        ///   - isOneOfSeveral: whether there are further points.
        /// - Returns: another reader for each further clock by which frames of this file are stamped.
        func learn(_ views: [VantagePlan.View?], isOneOfSeveral: Bool) -> [Source] {
            self.isOneOfSeveral = isOneOfSeveral
            // A file of the only point is read as one that nobody looked at.
            if !isOneOfSeveral, captureCount == 1, !hasOrigins,
                views.enumerated().allSatisfy({ $1?.isPlain(interface: $0) ?? true })
            {
                firstObserver = 0
                return []
            }
            var clocks: [ClockCurve] = []
            for case let view? in views where !clocks.contains(view.clock) { clocks.append(view.clock) }
            let isOneClock = clocks.count < 2 || first.map { ClockCurve.areNear(clocks, from: $0) } ?? true
            let readers = [self] + clocks.dropFirst().map { _ in Source(secondReaderOf: self) }
            for (reader, curve) in zip(readers, clocks) {
                reader.views = views.map { $0?.clock == curve ? $0 : nil }
                reader.hasSeveralClocks = !isOneClock
                reader.clock = curve.isZero ? nil : reader.views.lazy.compactMap(\.self).first
            }
            return Array(readers.dropFirst())
        }

        private init(secondReaderOf other: Source) {
            (path, salvages, bundle, contents) = (other.path, other.salvages, other.bundle, other.contents)
            (first, captureCount) = (other.first, other.captureCount)
            (firstCapture, firstObserver) = (other.firstCapture, other.firstObserver)
            isOneOfSeveral = other.isOneOfSeveral
            masking = other.masking
            describes = false
        }

        /// Whether it is known from which points its frames are.
        var hasViews: Bool { !views.isEmpty }

        /// Whether its frames are stamped by another clock than that of the report.
        var hasClock: Bool { clock != nil }

        /// Notes that a frame is read, and returns its instant by the clock of the report.
        func note(_ frame: borrowing Frame) -> CaptureInstant {
            number = frame.number - 1
            return corrected(frame.instant)
        }

        /// Returns the sighting of the current frame from its point, by the clock of the report; `nil` for a frame that
        /// another reader of the file delivers.
        func viewed(_ frame: borrowing Frame, _ place: inout Place) -> Sighting? {
            guard frame.interface < views.count, let view = views[frame.interface] else { return nil }
            var sighting = place.sighting(of: frame) ?? sighting(of: frame, &place)
            sighting.observer = view.point
            mayRepeat = view.mayRepeat
            sighting.clock = view.isCompared ? 0 : view.point
            sighting.interface = view.segment
            if clock != nil { sighting.instant = corrected(frame.instant) }
            if hasSeveralClocks { latestViewed = max(latestViewed ?? sighting.instant, sighting.instant) }
            return sighting
        }

        /// Adds the captures that the file stands for.
        func describe(in descriptions: inout [CaptureDescription]) {
            guard var whole = summary else { return descriptions.append(CaptureDescription(path, damage)) }
            let files = whole.origins.files
            whole.origins = frameOrigins
            whole.origins.files = files
            guard shares.contains(where: { $0.name != nil }) else {
                descriptions.append(whole)
                for _ in 1..<max(1, captureCount) { descriptions.append(CaptureDescription(path, nil)) }
                return
            }
            for (index, share) in shares.enumerated() {
                var description = whole
                if captureCount > 1 { description.source = "\(path) (\(share.name ?? "capture \(index + 1)"))" }
                description.interfaceNames = share.interfaceNames
                if index > 0 {
                    description.dropped = nil
                    description.problems = []
                    description.omittedProblems = 0
                }
                description.packets = share.packets
                description.firstPacket = share.firstPacket
                description.lastPacket = share.lastPacket
                descriptions.append(description)
            }
        }
    }
}

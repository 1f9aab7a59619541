internal import VRRPFacts
package import VRRPWire

/// The names of capture files: which of them are numbered in a row, as the files of a ring are.
///
/// tcpdump puts a number behind the name (`-C`), with zeros in front (`-W`), or a date into it (`-G`); dumpcap puts both in
/// front of the ending. A number may as well be that of a host. So several ways to read the names are tried, and a way is
/// good where the files of each ring follow one another in time and none shows what another shows.
package struct RingNames {
    /// A file, as far as rings are concerned.
    struct File {
        var path: String
        /// `nil` without frames.
        var first: CaptureInstant?
        var last: CaptureInstant?
        var longestSilence: TimeSpan
        /// The stretch of each interface by its name, where there are several: each may be stamped by a clock of its own.
        var interfaces: [String: ClosedRange<CaptureInstant>] = [:]
    }

    /// The time by which a file may begin before the one that it follows ends.
    private static let overlap = TimeSpan.seconds(1)

    private let files: [File]
    /// Files that show the same frames, so that they are of two places.
    private let apart: [(Int, Int)]

    /// - Parameters:
    ///   - files: the files.
    ///   - apart: pairs of files, by their positions, that show the same frames.
    init(_ files: [File], apart: [(Int, Int)] = []) {
        self.files = files
        self.apart = apart
    }

    /// The files of each place, in order of time; places in the order of their first file.
    func places() -> [[Int]] {
        var templates: [String] = []
        var classes: [String: Int] = [:]
        var groups: [[Int]] = []
        var latest: Int?
        let names = files.map { Name($0.path) }
        for (index, name) in names.enumerated() {
            // Mostly the name is like the one before.
            let known = latest.flatMap { templates[$0] == name.template ? $0 : nil } ?? classes[name.template]
            let position = known ?? templates.count
            if position == templates.count {
                classes[name.template] = position
                templates.append(name.template)
                groups.append([])
            }
            groups[position].append(index)
            latest = position
        }
        var places = groups.flatMap { split($0, names) }
        places = joined(places)
        return places.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
    }

    // MARK: Numbers in names

    /// A path with its numbers taken out.
    private struct Name {
        /// The text between the numbers.
        var template = ""
        /// The last may be empty: tcpdump does not number its first file.
        var numbers: [Substring] = []
        /// By number: whether it is too short for a date or a counter with zeros in front, and may be that of a host.
        var isWeak: [Bool] = []
        /// By number: whether one sign alone stands between it and the number before.
        private var isBehindOneSign: [Bool] = []
        /// Whether it ends in a number that stands behind no ending and is no part of a date.
        private var endsInNumber = false

        init(_ path: String) {
            // Places in an array are found faster than those in a string.
            var bytes = Array(path.utf8)
            // Of a ring, files that are done may be compressed, and the latest is not.
            for ending in Self.compressions where bytes.suffix(ending.count).elementsEqual(ending) {
                bytes.removeLast(ending.count)
            }
            var text: [UInt8] = []
            text.reserveCapacity(bytes.count + 1)
            numbers.reserveCapacity(Self.fewNumbers)
            isWeak.reserveCapacity(Self.fewNumbers)
            isBehindOneSign.reserveCapacity(Self.fewNumbers)
            var place = 0
            while place < bytes.count {
                let before = place
                while place < bytes.count, !Self.isDigit(bytes[place]) { place += 1 }
                text += bytes[before..<place]
                guard place < bytes.count else { break }
                let start = place
                while place < bytes.count, Self.isDigit(bytes[place]) { place += 1 }
                // Month, day and so on stand behind a year, each after one sign.
                let isOfDate = !numbers.isEmpty && start - before == 1 && isWeak.last == false
                let isBehindEnding = place == bytes.count && Self.isEnding(text)
                text.append(UInt8(ascii: "#"))
                let first = path.utf8.index(path.startIndex, offsetBy: start)
                numbers.append(path[first..<path.utf8.index(first, offsetBy: place - start)])
                isWeak.append(place - start < 3 && !isOfDate && !isBehindEnding)
                isBehindOneSign.append(start - before == 1)
                endsInNumber = place == bytes.count && !isOfDate && !isBehindEnding
            }
            if bytes.last.map({ !Self.isDigit($0) }) ?? true {
                isWeak.append(!Self.isEnding(text))
                text.append(UInt8(ascii: "#"))
                isBehindOneSign.append(false)
                numbers.append("")
            }
            template = String(decoding: text, as: UTF8.self)
        }

        /// As many numbers as most paths have.
        private static let fewNumbers = 4

        private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

        private static let compressions = [".gz", ".zst"].map { Array($0.utf8) }

        /// The endings of capture files behind which tcpdump puts its counter.
        private static let endings = [".pcap", ".pcapng", ".cap", ".dump"].map { Array($0.utf8) }

        private static func isEnding(_ text: [UInt8]) -> Bool {
            endings.contains { text.suffix($0.count).elementsEqual($0) }
        }

        /// The number at the end of a name without an ending, which may be that of a host, a counter, or both; `nil` for none.
        var endingNumber: Substring? { endsInNumber ? numbers.last : nil }

        /// The name with the number at its end as two.
        func splitEnd(at length: Int) -> Self {
            guard let number = endingNumber else { return self }
            var name = self
            name.template += "#"
            name.numbers[numbers.count - 1] = number.prefix(length)
            name.numbers.append(number.dropFirst(length))
            name.isWeak[isWeak.count - 1] = true
            name.isWeak.append(true)
            name.isBehindOneSign.append(false)
            return name
        }

        /// By number: whether it is a date or a part of one, such as `20261122`, `2026-11-22` and the time behind them.
        var areDates: [Bool] {
            var dates: [Bool] = []
            dates.reserveCapacity(numbers.count)
            for (place, number) in numbers.enumerated() {
                let digits = number.utf8.count
                let next = place + 1
                let beginsDate =
                    digits == 4 && next < numbers.count && isBehindOneSign[next] && numbers[next].utf8.count == 2
                    && ("1970"..."2199").contains(number)
                let goesOn = dates.last == true && isBehindOneSign[place] && (digits == 2 || digits == 4 || digits == 6)
                dates.append(digits >= 8 || beginsDate || goesOn)
            }
            return dates
        }
    }

    /// Whether a file is the next one of a ring: a counter goes on by one, and nothing else but a date differs.
    ///
    /// Whoever stops capturing and begins again begins with the first number, too. So nothing is missing between the two,
    /// however long nothing came.
    static func isNext(_ path: String, after before: String) -> Bool { step(from: before, to: path) == 1 }

    /// Whether a file is a later one of the same ring, and others were between the two.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - before: that of the other one.
    ///   - isCounted: whether the numbers are known to count files; short ones may else be those of hosts.
    /// - Returns: whether it is.
    static func isFurther(_ path: String, after before: String, isCounted: Bool = false) -> Bool {
        step(from: Name(before), to: Name(path), isCounted: isCounted) ?? 0 > 1
    }

    /// Whether the numbers of the files of one place, in order, count them: mostly the next one is higher by one.
    static func areCounted(_ paths: [String]) -> Bool {
        let names = paths.map(Name.init)
        let next = zip(names, names.dropFirst()).count { step(from: $0, to: $1, isCounted: true) == 1 }
        return next > 0 && next * 2 >= names.count - 1
    }

    /// The number by which the counter of a ring goes on from one file to another; `nil` where no counter tells.
    private static func step(from before: String, to path: String) -> Int? { step(from: Name(before), to: Name(path)) }

    private static func step(from one: Name, to next: Name, isCounted: Bool = false) -> Int? {
        step(from: one, to: next) { _ in isCounted }
    }

    /// The same; of numbers that may be those of hosts, some are known to count files.
    private static func step(from one: Name, to next: Name, isCounter: (Int) -> Bool) -> Int? {
        guard one.template == next.template else { return nil }
        var step: Int?
        for (place, isDate) in next.areDates.enumerated() where one.numbers[place] != next.numbers[place] {
            if isDate { continue }
            // tcpdump does not number its first file.
            guard isCounter(place) || !one.isWeak[place] && !next.isWeak[place], step == nil,
                let number = Int(next.numbers[place]),
                let former = one.numbers[place].isEmpty ? 0 : Int(one.numbers[place])
            else { return nil }
            // `-G` with the time of day alone; a counter goes on by one.
            if number != former + 1, isTimeOfDay(one.numbers[place]), isTimeOfDay(next.numbers[place]) { continue }
            step = number - former
        }
        return step
    }

    /// Whether a number may be hours, minutes and seconds.
    private static func isTimeOfDay(_ digits: Substring) -> Bool {
        guard digits.utf8.count == 6, let number = Int(digits) else { return false }
        return number / 10_000 < 24 && number / 100 % 100 < 60 && number % 100 < 60
    }

    private func split(_ group: [Int], _ names: [Name]) -> [[Int]] {
        guard group.count > 1 else { return [group] }
        if let rings = rings(group, names) { return rings }
        // tcpdump puts its counter behind the number of a host where the name has no ending: `trace1`, `trace11`, `trace12`.
        let readings = Self.readings(group, names).compactMap { rings(group, $0) }
        return readings.min { $0.count < $1.count } ?? group.map { [$0] }
    }

    /// The names with the number at their ends read as that of a host and a counter behind it, in several ways.
    private static func readings(_ group: [Int], _ names: [Name]) -> [[Name]] {
        let ends = group.compactMap { names[$0].endingNumber }
        guard ends.count == group.count, let longest = ends.map(\.utf8.count).max(), longest > 1 else { return [] }
        let whole = Set(ends)
        var readings: [[Name]] = []
        func read(_ length: (Substring) -> Int) {
            var reading = names
            for (file, end) in zip(group, ends) { reading[file] = names[file].splitEnd(at: length(end)) }
            readings.append(reading)
        }
        // The first file of a host bears its number alone.
        read { end in
            (1..<max(1, end.utf8.count)).first { whole.contains(end.prefix($0)) } ?? end.utf8.count
        }
        for length in 1..<longest { read { min(length, $0.utf8.count) } }
        return readings
    }

    /// The files of each ring by the fewest numbers that tell places apart; `nil` where the names cannot be those of rings.
    private func rings(_ group: [Int], _ names: [Name]) -> [[Int]]? {
        guard let first = group.first else { return nil }
        let varying = names[first].numbers.indices.filter { place in
            group.contains { names[$0].numbers[place] != names[first].numbers[place] }
        }
        var best: [[Int]]?
        // The numbers that tell places apart: none, one, or two.
        var ways: [[Int]] = [[]] + varying.map { [$0] }
        for (index, one) in varying.enumerated() {
            for other in varying[(index + 1)...] { ways.append([one, other]) }
        }
        for way in ways where way.count < varying.count && best?.count != 1 {
            let counters = varying.filter { !way.contains($0) }
            let most = (best?.count ?? .max) - 1
            guard let rings = Self.grouped(group, atMost: most, by: { file in way.map { names[file].numbers[$0] } })
            else { continue }
            let ordered = rings.map { inOrder($0, names, counters) }
            if ordered.allSatisfy({ isRing($0, names, counters) }), !joinsHosts(ordered, names, counters) {
                best = ordered
            }
        }
        return best
    }

    /// The files of a ring in the order in which they were written.
    ///
    /// That is the order of their times, unless the clock was set meanwhile, which a counter shows. Where a counter begins anew, the
    /// first file goes on where the last one ended.
    private func inOrder(_ group: [Int], _ names: [Name], _ counters: [Int]) -> [Int] {
        let ordered = byTime(group)
        let isAscending = zip(ordered, ordered.dropFirst()).allSatisfy { one, next in
            !Self.isBelow(names[next], names[one], counters)
        }
        guard !isAscending else { return ordered }
        let known = Self.counted(counters, in: group, names)
        func goesOn(_ one: Int, _ next: Int) -> Bool {
            Self.step(from: names[one], to: names[next], isCounter: known.contains) ?? 0 > 0
        }
        let counted = ordered.sorted(by: goesOn)
        guard zip(counted, counted.dropFirst()).allSatisfy(goesOn), let first = counted.first, let last = counted.last
        else { return ordered }
        let silence = max(Self.ordinary(files[last].longestSilence), Self.shortSilence)
        let beginsAnew = pause(last, first).map { $0 <= silence } ?? true
        return isInTime(ordered) && beginsAnew ? ordered : counted
    }

    /// Whether no file begins before the one in front of it ends.
    private func isInTime(_ ordered: [Int]) -> Bool {
        zip(ordered, ordered.dropFirst()).allSatisfy { one, next in
            pause(one, next).map { $0 + Self.overlap >= .zero } ?? true
        }
    }

    /// The files of each key, in the order in which the keys come; `nil` where there are too many keys.
    private static func grouped(_ group: [Int], atMost most: Int, by key: (Int) -> [Substring]) -> [[Int]]? {
        var groups: [[Int]] = []
        var places: [[Substring]: Int] = [:]
        for file in group {
            let value = key(file)
            if let place = places[value] {
                groups[place].append(file)
            } else {
                guard groups.count < most else { return nil }
                places[value] = groups.count
                groups.append([file])
            }
        }
        return groups
    }

    private func byTime(_ group: [Int]) -> [Int] {
        group.map { (instant: files[$0].first ?? .distantFuture, file: $0) }
            .sorted { ($0.instant, $0.file) < ($1.instant, $1.file) }.map(\.file)
    }

    /// Whether files in order of time are one ring, numbered upward but for the place at which numbers begin anew.
    private func isRing(_ group: [Int], _ names: [Name], _ counters: [Int]) -> Bool {
        var descents = 0
        let counted = Self.counted(counters, in: group, names)
        var showsTheSame: Bool?
        for (one, next) in zip(group, group.dropFirst()) {
            guard let pause = pause(one, next) else { continue }
            // Where the clock was set back, a counter shows that the files are one ring.
            if pause + Self.overlap < .zero {
                guard Self.step(from: names[one], to: names[next], isCounter: counted.contains) ?? 0 > 0 else {
                    return false
                }
                let isSame = showsTheSame ?? showTheSame(group)
                showsTheSame = isSame
                guard !isSame else { return false }
            }
            let mayBeHosts = counters.contains { place in
                !counted.contains(place) && names[one].numbers[place] != names[next].numbers[place]
                    && (names[one].isWeak[place] || names[next].isWeak[place])
            }
            if mayBeHosts, !follows(next, one) { return false }
            if Self.isBelow(names[next], names[one], counters) { descents += 1 }
        }
        return descents <= 1
    }

    /// Whether some of the files show the same frames.
    private func showTheSame(_ group: [Int]) -> Bool {
        let files = Set(group)
        return apart.contains { files.contains($0) && files.contains($1) }
    }

    /// The numbers that count files and no hosts: tcpdump does not number its first file, and hosts are all numbered.
    private static func counted(_ counters: [Int], in group: [Int], _ names: [Name]) -> [Int] {
        counters.filter { place in group.contains { names[$0].numbers[place].isEmpty } }
    }

    /// Whether files that show the same frames are in one ring, and differ in a number that may be that of a host.
    private func joinsHosts(_ rings: [[Int]], _ names: [Name], _ counters: [Int]) -> Bool {
        guard !apart.isEmpty else { return false }
        let ringOfFile = Self.places(rings, count: files.count)
        return apart.contains { one, other in
            guard let ring = ringOfFile[one], ring == ringOfFile[other] else { return false }
            let counted = Self.counted(counters, in: rings[ring], names)
            return counters.contains { place in
                !counted.contains(place) && names[one].numbers[place] != names[other].numbers[place]
                    && (names[one].isWeak[place] || names[other].isWeak[place])
            }
        }
    }

    /// By file: the position of its group.
    private static func places(_ groups: [[Int]], count: Int) -> [Int?] {
        var places = [Int?](repeating: nil, count: count)
        for (place, group) in groups.enumerated() { for file in group { places[file] = place } }
        return places
    }

    private static func isBelow(_ name: Name, _ other: Name, _ counters: [Int]) -> Bool {
        for place in counters where name.numbers[place] != other.numbers[place] {
            let (own, others) = (digits(name.numbers[place]), digits(other.numbers[place]))
            return own.count == others.count ? own.lexicographicallyPrecedes(others) : own.count < others.count
        }
        return false
    }

    /// A number without zeros in front.
    private static func digits(_ number: Substring) -> Substring.UTF8View.SubSequence {
        number.utf8.drop { $0 == UInt8(ascii: "0") }
    }

    // MARK: Files that follow one another

    /// Whether a file goes on where another one of the same name but for its numbers ended.
    ///
    /// A failover may fall between two of them.
    private func follows(_ next: Int, _ one: Int) -> Bool {
        guard let pause = pause(one, next), let first = files[one].first, let last = files[one].last else {
            return false
        }
        return pause <= Self.patience(files[one].longestSilence, last - first)
    }

    /// The time from the end of a file to the beginning of another, by each clock that stamped both; negative where they
    /// overlap, and `nil` where one has no frames.
    private func pause(_ one: Int, _ next: Int) -> TimeSpan? {
        let pauses = files[next].interfaces.compactMap { name, span in
            files[one].interfaces[name].map { span.lowerBound - $0.upperBound }
        }
        if let least = pauses.min() { return least }
        guard let end = files[one].last, let start = files[next].first else { return nil }
        return start - end
    }

    /// Whether a file goes on where another one ended.
    ///
    /// Nothing in the files says so. Silence between two files is taken for ordinary if it is not much longer than the longest
    /// silence within the first. Files whose names differ only in digits, as `tcpdump -C -W -G` and dumpcap number them, may be
    /// further apart: ten seconds, because a failover may fall between two of them, or a tenth of the first one's length. Those
    /// that are numbered in a row are one capture in any case, and where a number is left out, a file is not there.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - before: that of the other one.
    ///   - silence: the time from the end of the other one to the file's beginning.
    ///   - longestSilence: the longest time between two frames of the other one.
    ///   - length: the time from the other one's first frame to its last.
    /// - Returns: whether both are one capture.
    package static func goesOn(
        _ path: String,
        after before: String,
        silence: TimeSpan,
        longestSilence: TimeSpan,
        length: TimeSpan
    ) -> Bool {
        // Names are looked at only where it comes to that.
        if silence <= min(ordinary(longestSilence), shortSilence) || isNext(path, after: before) { return true }
        guard areAlike(before, path), !isFurther(path, after: before) else { return false }
        return silence <= patience(longestSilence, length)
    }

    /// Silence up to this length is ordinary.
    static let shortSilence = TimeSpan.seconds(2)

    private static func ordinary(_ longestSilence: TimeSpan) -> TimeSpan { longestSilence + longestSilence / 2 }

    private static func patience(_ longestSilence: TimeSpan, _ length: TimeSpan) -> TimeSpan {
        max(ordinary(longestSilence), .seconds(10), length / 10)
    }

    /// Joins places of other names where the files of one begin as soon as those of another end.
    private func joined(_ places: [[Int]]) -> [[Int]] {
        guard places.count > 1, places.count <= 256 else { return places }
        var joined: [[Int]] = []
        let sorted = places.sorted { (start($0), $0[0]) < (start($1), $1[0]) }
        let placeOfFile = Self.places(sorted, count: files.count)
        let pairs = Set(
            apart.compactMap { one, other -> [Int]? in
                guard let one = placeOfFile[one], let other = placeOfFile[other], one != other else { return nil }
                return [min(one, other), max(one, other)]
            }
        )
        /// By joined place: those that it was joined of.
        var parts: [[Int]] = []
        for (position, place) in sorted.enumerated() {
            let before = joined.indices.last { index in
                guard !parts[index].contains(where: { pairs.contains([$0, position]) }), let one = joined[index].last,
                    let next = place.first, let pause = pause(one, next), pause >= .zero
                else { return false }
                return pause <= min(Self.ordinary(files[one].longestSilence), Self.shortSilence)
            }
            if let before {
                joined[before] += place
                parts[before].append(position)
            } else {
                joined.append(place)
                parts.append([position])
            }
        }
        return joined
    }

    /// Whether two paths differ in numbers alone, which may be those of hosts.
    static func differInNumbers(_ path: String, _ other: String) -> Bool { path != other && areAlike(path, other) }

    /// Whether two paths are the same but for their numbers.
    private static func areAlike(_ path: String, _ other: String) -> Bool {
        Name(path).template == Name(other).template
    }

    private func start(_ place: [Int]) -> CaptureInstant { place.first.flatMap { files[$0].first } ?? .distantFuture }
}

internal import VRRPFacts
internal import VRRPWire

/// The names of capture files: which of them are numbered in a row, as the files of a ring are.
///
/// tcpdump puts a number behind the name (`-C`), with zeros in front (`-W`), or a date into it (`-G`); dumpcap puts both in
/// front of the ending. A number may as well be that of a host. So several ways to read the names are tried, and a way is
/// good where the files of each ring follow one another in time and none shows what another shows.
struct RingNames {
    /// A file, as far as rings are concerned.
    struct File {
        var path: String
        /// `nil` without frames.
        var first: CaptureInstant?
        var last: CaptureInstant?
        var longestSilence: TimeSpan
    }

    /// The time by which a file may begin before the one that it follows ends.
    private static let overlap = TimeSpan.seconds(1)

    private let files: [File]
    /// Whether two files show the same frames, so that they are of two places.
    private let areApart: (Int, Int) -> Bool

    init(_ files: [File], areApart: @escaping (Int, Int) -> Bool) {
        self.files = files
        self.areApart = areApart
    }

    /// The files of each place, in order of time; places in the order of their first file.
    func places() -> [[Int]] {
        var templates: [String] = []
        var classes: [String: [Int]] = [:]
        let names = files.map { Name($0.path) }
        for (index, name) in names.enumerated() {
            if classes[name.template] == nil { templates.append(name.template) }
            classes[name.template, default: []].append(index)
        }
        var places = templates.flatMap { split(classes[$0] ?? [], names) }
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

        init(_ path: String) {
            var rest = path[...]
            while let digit = rest.firstIndex(where: { $0.isASCII && $0.isNumber }) {
                let text = rest[..<digit]
                let number = rest[digit...].prefix { $0.isASCII && $0.isNumber }
                template += text + "#"
                numbers.append(number)
                // Month, day and so on stand behind a year, each after one sign.
                let isOfDate = text.count == 1 && isWeak.last == false
                isWeak.append(number.count < 3 && !isOfDate)
                rest = rest[number.endIndex...]
            }
            template += rest
            guard rest.isEmpty, !numbers.isEmpty else {
                template += "#"
                numbers.append("")
                isWeak.append(true)
                return
            }
        }
    }

    private func split(_ group: [Int], _ names: [Name]) -> [[Int]] {
        guard group.count > 1, let first = group.first else { return [group] }
        let varying = names[first].numbers.indices.filter { place in
            group.contains { names[$0].numbers[place] != names[first].numbers[place] }
        }
        var best: [[Int]]?
        // The numbers that tell places apart: none, one, or two.
        var ways: [[Int]] = [[]] + varying.map { [$0] }
        for (index, one) in varying.enumerated() {
            for other in varying[(index + 1)...] { ways.append([one, other]) }
        }
        for way in ways where way.count < varying.count {
            let counters = varying.filter { !way.contains($0) }
            let rings = Self.grouped(group) { file in way.map { String(names[file].numbers[$0]) } }
            guard rings.count < best?.count ?? .max else { continue }
            let ordered = rings.map(byTime)
            if ordered.allSatisfy({ isRing($0, names, counters) }) { best = ordered }
        }
        return best ?? group.map { [$0] }
    }

    private static func grouped(_ group: [Int], by key: (Int) -> [String]) -> [[Int]] {
        var order: [[String]] = []
        var found: [[String]: [Int]] = [:]
        for file in group {
            let value = key(file)
            if found[value] == nil { order.append(value) }
            found[value, default: []].append(file)
        }
        return order.compactMap { found[$0] }
    }

    private func byTime(_ group: [Int]) -> [Int] {
        group.sorted { (files[$0].first ?? .distantFuture, $0) < (files[$1].first ?? .distantFuture, $1) }
    }

    /// Whether files in order of time are one ring, numbered upward but for the place at which numbers begin anew.
    private func isRing(_ group: [Int], _ names: [Name], _ counters: [Int]) -> Bool {
        var descents = 0
        for (one, next) in zip(group, group.dropFirst()) {
            guard let end = files[one].last, let start = files[next].first else { continue }
            guard start + Self.overlap >= end else { return false }
            let mayBeHosts = counters.contains { place in
                names[one].numbers[place] != names[next].numbers[place]
                    && (names[one].isWeak[place] || names[next].isWeak[place])
            }
            if mayBeHosts, !follows(next, one) || areApart(one, next) { return false }
            if Self.isBelow(names[next], names[one], counters) { descents += 1 }
        }
        return descents <= 1
    }

    private static func isBelow(_ name: Name, _ other: Name, _ counters: [Int]) -> Bool {
        for place in counters where name.numbers[place] != other.numbers[place] {
            let (own, others) = (name.numbers[place].drop { $0 == "0" }, other.numbers[place].drop { $0 == "0" })
            return (own.count, String(own)) < (others.count, String(others))
        }
        return false
    }

    // MARK: Files that follow one another

    /// Whether a file goes on where another one of the same name but for its numbers ended.
    ///
    /// A failover may fall between two of them.
    private func follows(_ next: Int, _ one: Int) -> Bool {
        guard let start = files[next].first, let first = files[one].first, let last = files[one].last else {
            return false
        }
        return start - last <= max(ordinary(one), .seconds(10), (last - first) / 10)
    }

    private func ordinary(_ file: Int) -> TimeSpan { files[file].longestSilence + files[file].longestSilence / 2 }

    /// Joins places of other names where the files of one begin as soon as those of another end.
    private func joined(_ places: [[Int]]) -> [[Int]] {
        guard places.count > 1, places.count <= 256 else { return places }
        var joined: [[Int]] = []
        let sorted = places.sorted { (start($0), $0[0]) < (start($1), $1[0]) }
        for place in sorted {
            let before = joined.indices.last { index in
                guard let one = joined[index].last, let last = files[one].last, let next = place.first,
                    let first = files[next].first, first >= last
                else { return false }
                return first - last <= min(ordinary(one), .seconds(2)) && !areApart(one, next)
            }
            if let before { joined[before] += place } else { joined.append(place) }
        }
        return joined
    }

    /// Whether two paths differ in numbers alone, which may be those of hosts.
    static func differInNumbers(_ path: String, _ other: String) -> Bool {
        path != other && Name(path).template == Name(other).template
    }

    private func start(_ place: [Int]) -> CaptureInstant { place.first.flatMap { files[$0].first } ?? .distantFuture }
}

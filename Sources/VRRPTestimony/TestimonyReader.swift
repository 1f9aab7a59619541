internal import VRRPFacts
package import VRRPWire

/// Reads what a router said of itself, piece by piece, in whichever form the text is.
///
/// Nothing is decided here: which virtual router an instance is, and by how much the log's clock is off, others conclude.
/// The log of a central server may hold the lines of several hosts; they are told apart by the names in the lines.
///
///     var reader = TestimonyReader()
///     reader.take(bytes)
///     let testimonies = reader.finish()
package struct TestimonyReader {
    /// The number of bytes of a line that are looked at.
    static let longestLine = 4096
    /// The size of the largest dump, in bytes.
    static let largestDump = 4 << 20

    private enum Mode {
        /// Nothing but space was read.
        case start
        case lines, journal
        /// A text in JSON from its first byte on.
        case dump
    }

    private var mode = Mode.start
    /// The facts about the whole text, and the statements of a dump.
    private var whole = Testimony()
    /// The testimonies of the hosts in the order of their first lines, each with its name as the lines have it.
    private var hosts: [(name: ArraySlice<UInt8>?, testimony: Testimony)] = []
    /// The position of the host that spoke last.
    private var latest = 0
    private var hasMoreHosts = false
    /// The line that is not complete yet, or the dump.
    private var pending: [UInt8] = []
    private var isCut = false
    /// Whether the dump goes on behind its first line.
    private var hasSeveralLines = false
    private var entry = JournalEntry()
    /// A field of a journal whose value is binary: its name, and what is to come of length and value.
    private var binary: BinaryField?
    private let written: Stamp?

    private struct BinaryField {
        var name: String
        var lengthBytes: [UInt8] = []
        var rest: UInt64 = 0
        var value: [UInt8] = []
    }

    /// Begins a log.
    ///
    /// - Parameter written: the instant at which the text was written, which is when a dump says what it says; `nil` where
    ///   nobody knows.
    package init(written: CaptureInstant? = nil) {
        self.written = written.map {
            Stamp(clock: TimeSpan(nanoseconds: $0.nanoseconds), zone: .zero, resolution: .milliseconds(1))
        }
    }

    /// Reads a whole text.
    package static func read(_ text: String, written: CaptureInstant? = nil) -> [Testimony] {
        var reader = Self(written: written)
        reader.take(Array(text.utf8)[...])
        return reader.finish()
    }

    /// Takes the next piece.
    package mutating func take(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            if mode == .start {
                rest = rest.drop { $0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf }
                guard let first = rest.first else { return }
                mode = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .dump : .lines
                continue
            }
            if mode == .dump {
                takeDump(&rest)
            } else if binary != nil {
                takeBinary(&rest)
            } else {
                takeLine(&rest)
            }
        }
    }

    /// Ends the log, and returns the testimony of each host; one at least.
    package mutating func finish() -> [Testimony] {
        if mode == .dump { readDump() }
        if !pending.isEmpty, mode != .dump { endLine() }
        if !entry.isEmpty { endEntry() }
        if whole.lines == 0 { whole.problems.append("there is nothing in it") }
        if hasMoreHosts {
            whole.problems.append(
                "it holds lines of more than \(Testimony.mostHosts) hosts, of which the others are left out"
            )
        }
        if hosts.isEmpty { return [Self.finished(whole)] }
        var testimonies = hosts.map { host in
            var testimony = host.testimony
            testimony.form = whole.form
            testimony.problems = whole.problems
            testimony.host = host.name.map(Self.shortName)
            return testimony
        }
        // Lines without a host belong to the only one that there is.
        if testimonies.count == 1 { testimonies[0].lines = whole.lines }
        return testimonies.map(Self.finished)
    }

    /// A testimony with its faults.
    private static func finished(_ testimony: Testimony) -> Testimony {
        var testimony = testimony
        let states = testimony.statements.filter { $0.kind.isState || $0.kind.breaksOff }
        if states.isEmpty, testimony.lines > 0 {
            testimony.problems.append("no line of it says which state a VRRP instance is in")
        } else if !states.contains(where: { $0.stamp != nil }), testimony.lines > 0 {
            testimony.problems.append("its lines bear no times, so that they cannot be laid beside the capture")
        }
        if testimony.leftOut > 0 {
            testimony.problems.append("\(testimony.leftOut) statements are left out, because there are too many")
        }
        return testimony
    }

    // MARK: Hosts

    /// The name of a host without its domain.
    private static func shortName(_ name: ArraySlice<UInt8>) -> String {
        let text = String(decoding: name, as: UTF8.self)
        return IPAddress(text: text) == nil ? String(text.prefix { $0 != "." }) : text
    }

    /// The position of a host's testimony, which is begun where there is none; `nil` where there are too many.
    ///
    /// A line without a name is of the host that spoke last.
    private mutating func position(of name: ArraySlice<UInt8>?) -> Int? {
        let name = name.flatMap { $0.isEmpty || $0.elementsEqual("-".utf8) ? nil : $0 }
        guard let name else {
            if hosts.isEmpty { hosts.append((nil, Testimony())) }
            return latest
        }
        if hosts.indices.contains(latest) {
            guard let known = hosts[latest].name else {
                hosts[latest].name = name
                return latest
            }
            if known.elementsEqual(name) { return latest }
        }
        let short = Self.shortName(name)
        let known = hosts.firstIndex { $0.name.map(Self.shortName) == short }
        guard let position = known ?? (hosts.count < Testimony.mostHosts ? hosts.count : nil) else {
            hasMoreHosts = true
            return nil
        }
        if position == hosts.count { hosts.append((name, Testimony())) }
        latest = position
        return position
    }

    // MARK: Lines

    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) {
        let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
        // The times of many lines stand at their start; what is behind the bound is passed over.
        let room = Self.longestLine - pending.count
        let part = rest[..<end]
        pending += part.prefix(room)
        if part.count > room { isCut = true }
        guard end < rest.endIndex else {
            rest = []
            return
        }
        rest = rest[(end + 1)...]
        endLine()
    }

    private mutating func endLine() {
        var line = pending[...]
        pending = []
        if line.last == 0x0d { line = line.dropLast() }
        if whole.lines == 0, mode == .lines, Self.isField(line) {
            mode = .journal
            whole.form = .journal
        }
        guard mode == .journal else {
            whole.lines += 1
            read(line)
            return
        }
        if line.isEmpty {
            endEntry()
        } else if let sign = line.firstIndex(of: UInt8(ascii: "=")) {
            entry.note(String(decoding: line[..<sign], as: UTF8.self), line[(sign + 1)...])
        } else {
            binary = BinaryField(name: String(decoding: line, as: UTF8.self))
        }
    }

    /// Whether a line is a field of a journal: `__CURSOR=…`.
    private static func isField(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "_".utf8), let sign = line.firstIndex(of: UInt8(ascii: "=")) else { return false }
        return line[..<sign].allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
        }
    }

    private mutating func read(_ line: ArraySlice<UInt8>) {
        let (stamp, rest) = StampReader.read(line)
        let parts = LogLine(rest)
        take(parts.message, from: parts.process, on: parts.host, at: stamp)
    }

    /// Takes a message, if it is the daemon's or the system's about it.
    private mutating func take(
        _ message: ArraySlice<UInt8>,
        from process: ArraySlice<UInt8>?,
        on host: ArraySlice<UInt8>?,
        at stamp: Stamp?
    ) {
        if let process, !LogLine.isDaemon(process) {
            // The daemon cannot say itself that it was killed.
            guard process.elementsEqual("systemd".utf8), message.starts(with: "keepalived.service:".utf8),
                message.contains(bytes: Self.mainProcessExited), let position = position(of: host)
            else { return }
            hosts[position].testimony.lines += 1
            add(message, Message(kind: .died), of: position, at: stamp)
            return
        }
        let said = Message(message)
        guard said != nil || stamp != nil, let position = position(of: host) else { return }
        hosts[position].testimony.lines += 1
        if let said { add(message, said, of: position, at: stamp) }
        guard let stamp else { return }
        hosts[position].testimony.timedLines += 1
        if hosts[position].testimony.first == nil { hosts[position].testimony.first = stamp }
        hosts[position].testimony.last = stamp
    }

    private static let mainProcessExited = Array("Main process exited".utf8)

    private mutating func add(_ message: ArraySlice<UInt8>, _ said: Message, of host: Int, at stamp: Stamp?) {
        let text = String(decoding: message, as: UTF8.self)
        var statement = Statement(line: whole.lines, stamp: stamp, kind: said.kind, text: text)
        statement.previous = hosts[host].testimony.last
        statement.isInitial = said.isInitial
        statement.instance = said.instance
        statement.vrid = said.vrid
        statement.family = said.family
        hosts[host].testimony.add(statement)
    }

    // MARK: Journals

    private mutating func endEntry() {
        defer { entry = JournalEntry() }
        guard !entry.isEmpty else { return }
        whole.lines += 1
        guard let message = entry.message else { return }
        take(message[...], from: entry.process?[...], on: entry.host?[...], at: entry.stamp)
    }

    /// Takes what there is of a binary field: eight bytes of length, the least significant first, the value, a line break.
    private mutating func takeBinary(_ rest: inout ArraySlice<UInt8>) {
        guard var field = binary else { return }
        while field.lengthBytes.count < 8, let byte = rest.popFirst() {
            field.lengthBytes.append(byte)
            if field.lengthBytes.count == 8 {
                let length = field.lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                field.rest = length == .max ? length : length + 1
            }
        }
        if field.lengthBytes.count == 8 {
            let count = Int(min(field.rest, UInt64(rest.count)))
            field.value += rest.prefix(min(count, Self.longestLine - field.value.count))
            field.rest -= UInt64(count)
            rest = rest.dropFirst(count)
        }
        binary = field
        guard field.lengthBytes.count == 8, field.rest == 0 else { return }
        if field.value.last == 0x0a { field.value.removeLast() }
        entry.note(field.name, field.value[...])
        binary = nil
    }

    // MARK: JSON

    private mutating func takeDump(_ rest: inout ArraySlice<UInt8>) {
        // The first line decides: an entry of a journal is a line.
        if !hasSeveralLines, (pending.first ?? rest.first) == UInt8(ascii: "{"), let end = rest.firstIndex(of: 0x0a) {
            let line = pending + rest[..<end]
            if line.count <= Self.largestDump, let object = JSONText(line), JournalEntry(object) != nil {
                pending = []
                rest = rest[(end + 1)...]
                takeEntry(line)
                return
            }
            hasSeveralLines = true
        }
        let room = Self.largestDump - pending.count
        pending += rest.prefix(room)
        isCut = isCut || rest.count > room
        rest = []
    }

    private mutating func takeEntry(_ line: [UInt8]) {
        whole.form = .journal
        guard let object = JSONText(line), let read = JournalEntry(object) else { return }
        entry = read
        endEntry()
    }

    private mutating func readDump() {
        // The entries of a journal are read by now.
        guard pending.contains(where: { $0 > 0x20 }) else { return }
        guard let text = JSONText(pending) else {
            whole.lines += pending.isEmpty ? 0 : 1
            whole.problems.append(
                isCut ? "it is larger than 4 MiB, which is no dump of a state" : "it looks like JSON and is not"
            )
            return
        }
        if JournalEntry(text) != nil {
            takeEntry(pending)
            return
        }
        guard let (form, statements) = StateDump.read(text, written: written) else {
            whole.lines += 1
            whole.problems.append(
                "it is JSON, and neither keepalived.json nor FRR's 'show vrrp json' nor a journal"
            )
            return
        }
        whole.form = form
        whole.lines = statements.map(\.line).max() ?? 0
        for statement in statements { whole.add(statement) }
        whole.first = statements.compactMap(\.stamp).min { $0.clock < $1.clock }
        whole.last = statements.compactMap(\.stamp).max { $0.clock < $1.clock }
        whole.timedLines = statements.count { $0.stamp != nil }
    }
}

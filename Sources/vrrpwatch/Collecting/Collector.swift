internal import Dispatch
internal import Synchronization
internal import VRRPBundle
internal import VRRPCapture
internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPReport
internal import VRRPWire

/// Puts the state of this router and the packets on its interfaces into a bundle.
struct Collector {
    /// The largest log of a file that is read, from its end.
    private static let mostLog = RouterBundle.mostTextBytes

    private let request: CollectRequest
    /// The stand-ins for passwords; `nil` where they are to be shown.
    private var mask: SecretMask?
    private var texts = TextMask()
    private var frames = FrameMask()
    private var contents: BundleContents
    private(set) var members: [BundleMember] = []
    /// The sources that gave nothing.
    private(set) var missing: [BundleMember] = []
    private(set) var remarks: [String] = []
    private var answers: [(question: Question, answer: SystemTool.Answer)] = []

    init(_ request: CollectRequest) {
        self.request = request
        mask = request.showsSecrets ? nil : SecretMask()
        contents = BundleContents(
            name: request.name,
            interfaces: request.interfaces,
            isMasked: !request.showsSecrets
        )
    }

    /// Collects everything, and returns the bundle's archive.
    ///
    /// - Parameter stop: the signal that ends the capture early.
    /// - Returns: the bytes of the archive, not compressed.
    /// - Throws: ``Failure`` where an interface does not exist.
    mutating func collect(until stop: StopSignal) throws -> [UInt8] {
        let captures = try open()
        ask(Question.counters(true))
        let collector = PacketCollector(captures)
        let start = CaptureInstant.now
        let length = captures.isEmpty ? nil : request.seconds
        let early = length.flatMap { $0 > 0 ? collector.capture(seconds: $0, until: stop) : nil }
        if let early { remarks.append("The capture ended \(early).") }
        let lasted = ((CaptureInstant.now - start) / .seconds(1)).rounded()
        contents.collected = "\(Self.text(start)), packets of \(Int(lasted)) s"
        ask(Question.counters(false) + Question.all(request.interfaces, since: request.since))
        readConfigurations()
        readAnswers()
        readLog()
        if length ?? 0 > 0 { try append(collector) }
        return RouterBundle.archive(
            contents,
            members,
            missing: missing,
            remarks: remarks,
            time: start.nanoseconds / 1_000_000_000
        )
    }

    private static func text(_ instant: CaptureInstant) -> String {
        TimeStyle.utc.text(instant, decimals: 0)
    }

    // MARK: Packets

    /// Opens the interfaces; without the right to do so the bundle goes without packets.
    private mutating func open() throws -> [LiveCapture] {
        var captures: [LiveCapture] = []
        for interface in request.interfaces {
            do throws(CaptureError) {
                captures.append(
                    try LiveCapture(interface: interface, options: LiveCapture.Options(isPromiscuous: false))
                )
            } catch {
                guard error.code != .noSuchInterface else {
                    throw Failure(.couldNotStart, "\(error.message) `vrrpwatch interfaces` lists them")
                }
                miss("packets of \(interface)", error.messageWithMend)
            }
        }
        return captures
    }

    private mutating func append(_ collector: PacketCollector) throws {
        let bytes = try collector.file(&mask, &frames)
        let source = "packets of \(request.interfaces.joined(separator: ", ")): \(collector.packets)"
        members.insert(
            BundleMember(name: RouterBundle.Name.packets, source: source, status: "0", content: bytes),
            at: 0
        )
        if frames.leftOut > 0 {
            remarks.append("\(Words.count(frames.leftOut, "packet")) that may show a password were left out.")
        }
    }

    // MARK: Programs

    /// The answers by the positions of their questions.
    private final class Answers: Sendable {
        let all = Mutex<[Int: SystemTool.Answer]>([:])
    }

    /// Asks all questions at the same time.
    private mutating func ask(_ questions: [Question]) {
        let found = Answers()
        let isDone = DispatchSemaphore(value: 0)
        Task.detached {
            await withTaskGroup(of: Void.self) { group in
                for (index, question) in questions.enumerated() {
                    group.addTask {
                        let answer = await SystemTool.run(
                            question.program,
                            question.arguments,
                            takesErrors: question.takesErrors
                        )
                        found.all.withLock { $0[index] = answer }
                    }
                }
            }
            isDone.signal()
        }
        isDone.wait()
        let all = found.all.withLock { $0 }
        answers += questions.enumerated().compactMap { index, question in all[index].map { (question, $0) } }
    }

    /// Makes members of the answers.
    private mutating func readAnswers() {
        for (question, answer) in answers {
            guard answer.hasRun, !answer.output.isEmpty else {
                miss(question.words, answer.status == "0" ? "printed nothing" : answer.status)
                continue
            }
            let text = String(decoding: answer.output, as: UTF8.self)
            append(question.member, question.words, answer.status, masked(text, question.kind), answer.output)
            if question.member == RouterBundle.Name.frrConfiguration {
                contents.configurations.append(
                    BundleContents.Configuration(daemon: "frr", path: RouterBundle.Name.frrConfiguration)
                )
            }
        }
    }

    private mutating func masked(_ text: String, _ kind: Question.Kind) -> String? {
        guard var known = mask else { return nil }
        defer { mask = known }
        switch kind {
        case .plain: return nil
        case .configuration: return texts.configuration(text, &known)
        case .log: return texts.log(text)
        case .rules: return texts.rules(text)
        }
    }

    private mutating func append(
        _ name: String,
        _ source: String,
        _ status: String,
        _ masked: String?,
        _ bytes: [UInt8]
    ) {
        // What is the same is kept as it was, also where it is no UTF-8.
        let content = masked.map { $0 == String(decoding: bytes, as: UTF8.self) ? bytes : Array($0.utf8) } ?? bytes
        members.append(BundleMember(name: name, source: source, status: status, content: content))
    }

    private mutating func miss(_ source: String, _ reason: String) {
        // Counters are asked for twice.
        guard !missing.contains(where: { $0.source == source }) else { return }
        missing.append(BundleMember(name: "", source: source, status: reason, content: []))
    }

    // MARK: Files

    /// Reads keepalived's configurations with all that they include; all texts are known before any is masked.
    private mutating func readConfigurations() {
        let files = ReadFiles()
        for use in RunningKeepalived.uses {
            do throws(ConfigurationFileError) {
                _ = try ConfigurationReader.read(use.path, configID: use.configID, from: files)
                contents.configurations.append(
                    BundleContents.Configuration(daemon: "keepalived", path: use.path, configID: use.configID)
                )
            } catch {
                miss(error.path, error.reason)
            }
        }
        let read = files.texts
        for (_, text) in read { texts.learn(text) }
        for (path, text) in read {
            append(RouterBundle.Name.keepalived + path, path, "0", masked(text, .configuration), Array(text.utf8))
        }
    }

    /// Reads the end of the log that FRR writes by itself.
    private mutating func readLog() {
        let path = "/var/log/frr/frr.log"
        // A router without that file logs elsewhere, or has no FRR.
        guard let file = try? OpenFile(reading: path) else { return }
        do throws(CaptureError) {
            let size = try file.goTo(last: Self.mostLog)
            let bytes = try file.readAll(atMost: Self.mostLog)
            let text = String(decoding: bytes, as: UTF8.self)
            let status = size > UInt64(Self.mostLog) ? "0, the last \(Self.mostLog >> 20) MiB" : "0"
            append(RouterBundle.Name.frrLog, path, status, masked(text, .log), bytes)
        } catch {
            miss(path, error.message)
        }
    }
}

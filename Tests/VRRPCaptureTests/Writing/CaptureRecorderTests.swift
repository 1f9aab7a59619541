import Foundation
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Recordings: one file, and rings by size, time and count.
@Suite struct CaptureRecorderTests {
    private static let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)
    private static let interface = PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: 65_535)

    @Test func everyFrameIsInTheFileAtOnce() throws {
        try withFolder { folder in
            var dropped: UInt64 = 0
            let recorder = try recorder(in: folder, dropped: { dropped })
            for count in 1...3 {
                try recorder.record(at: Self.start + .seconds(Int64(count)))
                #expect(try frames(in: "vrrp.pcapng", of: folder) == count)
            }
            dropped = 7
            try recorder.finish()
            #expect(try read("vrrp.pcapng", of: folder).summary.dropped == 7)
            #expect(try permissions(of: "vrrp.pcapng", in: folder) == 0o600)
        }
    }

    @Test func aKilledProcessLosesAtMostTheLastFrame() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder)
            for count in 1...3 { try recorder.record(at: Self.start + .seconds(Int64(count))) }
            let whole = try Data(contentsOf: folder.appending(path: "vrrp.pcapng"))
            // Whatever part of the last block reached the disk, the frames before it can be read.
            for cut in whole.count - 40..<whole.count {
                let bytes = [UInt8](whole.prefix(cut))
                #expect(try KeptCapture(bytes).frames.count == 2, "cut at \(cut)")
            }
        }
    }

    @Test func aFileThatWasThereIsReplacedAndClosedToOthers() throws {
        try withFolder { folder in
            let file = folder.appending(path: "vrrp.pcapng")
            try Data(repeating: 1, count: 100_000).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
            let recorder = try recorder(in: folder)
            try recorder.record(at: Self.start)
            #expect(try frames(in: "vrrp.pcapng", of: folder) == 1)
            #expect(try permissions(of: "vrrp.pcapng", in: folder) == 0o600)
        }
    }

    @Test func aSymbolicLinkIsNotFollowed() throws {
        try withFolder { folder in
            let victim = folder.appending(path: "victim")
            try Data("mine".utf8).write(to: victim)
            let link = folder.appending(path: "vrrp.pcapng")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: victim)
            #expect(throws: CaptureError.self) { try recorder(in: folder) }
            #expect(try String(contentsOf: victim, encoding: .utf8) == "mine")
        }
    }

    @Test func timeRotatesWithoutAnyFrame() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder, CaptureRecorder.Rotation(period: .seconds(10)))
            for second in 0..<35 { try recorder.tick(at: Self.start + .seconds(Int64(second))) }
            #expect(
                try names(in: folder) == [
                    "vrrp_00001_20260101000000.pcapng", "vrrp_00002_20260101000010.pcapng",
                    "vrrp_00003_20260101000020.pcapng", "vrrp_00004_20260101000030.pcapng",
                ]
            )
            for name in try names(in: folder) {
                // A file without frames still says what it is of.
                #expect(try read(name, of: folder).summary.interfaceNames == ["eth0"])
                #expect(try permissions(of: name, in: folder) == 0o600)
            }
        }
    }

    @Test func sizeRotatesBeforeTheFrameThatWouldNotFit() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder, CaptureRecorder.Rotation(size: 1000))
            for second in 0..<20 { try recorder.record(at: Self.start + .seconds(Int64(second))) }
            let names = try names(in: folder)
            #expect(names.count > 1)
            #expect(try names.map { try frames(in: $0, of: folder) }.reduce(0, +) == 20)
            for name in names {
                let size = try Data(contentsOf: folder.appending(path: name)).count
                #expect(size <= 1000, "\(name)")
                #expect(try frames(in: name, of: folder) > 0, "\(name)")
            }
        }
    }

    @Test func aFrameLargerThanTheLimitStillHasAFile() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder, CaptureRecorder.Rotation(size: 10))
            for second in 0..<3 { try recorder.record(at: Self.start + .seconds(Int64(second))) }
            #expect(try names(in: folder).map { try frames(in: $0, of: folder) } == [1, 1, 1])
        }
    }

    @Test func theOldestMakesRoomAlsoAcrossStarts() throws {
        try withFolder { folder in
            let rotation = CaptureRecorder.Rotation(period: .seconds(10), files: 3)
            try Data().write(to: folder.appending(path: "vrrp.pcapng"))
            try Data().write(to: folder.appending(path: "vrrp_notes_2026.pcapng"))
            for run in 0..<3 {
                let start = Self.start + .seconds(Int64(1000 * run))
                let recorder = try recorder(in: folder, rotation, at: start)
                for second in 0..<25 { try recorder.tick(at: start + .seconds(Int64(second))) }
            }
            #expect(
                try names(in: folder) == [
                    "vrrp.pcapng", "vrrp_00007_20260101003320.pcapng", "vrrp_00008_20260101003330.pcapng",
                    "vrrp_00009_20260101003340.pcapng", "vrrp_notes_2026.pcapng",
                ]
            )
        }
    }

    @Test func reopeningFollowsAFileThatWasMovedAway() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder)
            try recorder.record(at: Self.start)
            // Still there: what is in it must not be lost.
            try recorder.reopen(at: Self.start)
            try recorder.record(at: Self.start)
            #expect(try frames(in: "vrrp.pcapng", of: folder) == 2)
            try FileManager.default.moveItem(
                at: folder.appending(path: "vrrp.pcapng"),
                to: folder.appending(path: "old.pcapng")
            )
            try recorder.reopen(at: Self.start)
            try recorder.record(at: Self.start)
            #expect(try frames(in: "old.pcapng", of: folder) == 2)
            #expect(try frames(in: "vrrp.pcapng", of: folder) == 1)
        }
    }

    @Test func replacingIsAtOnceAndReadableAsAskedFor() throws {
        try withFolder { folder in
            let directory = try OutputDirectory(path: folder.path)
            for text in ["first", "second and longer", "3"] {
                try directory.replace("x.prom", with: Array(text.utf8), mode: 0o644)
                #expect(try String(contentsOf: folder.appending(path: "x.prom"), encoding: .utf8) == text)
            }
            #expect(try permissions(of: "x.prom", in: folder) == 0o644)
            #expect(try names(in: folder) == ["x.prom"], "nothing unfinished is left")
        }
    }

    @Test func theFilesOfARingAreOneStream() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder, CaptureRecorder.Rotation(size: 1000))
            for second in 0..<20 { try recorder.record(at: Self.start + .seconds(Int64(second))) }
            try recorder.finish()
            let pieces = try names(in: folder).map { try [UInt8](Data(contentsOf: folder.appending(path: $0))) }
            let parts = try pieces.map { try #require(try KeptCapture($0).summary.sensor) }
            #expect(parts.count > 2)
            #expect(parts.first?.packets.lowerBound == 0 && parts.last?.packets.upperBound == 20)
            for (one, next) in zip(parts, parts.dropFirst()) { #expect(one.missing(before: next) == 0) }
            #expect(parts[0].missing(before: parts[2]) == UInt64(parts[1].packets.count))
            // In a row, and with a file that is missing.
            #expect(try KeptCapture(pieces.flatMap { $0 }).summary.problems.isEmpty)
            let holed = try KeptCapture(pieces[0] + pieces[2])
            #expect(holed.gaps.map(\.droppedFrames) == [parts[1].packets.count])
        }
    }

    @Test func aFrameThatCouldNotBeWrittenIsMissed() throws {
        try withFolder { folder in
            let recorder = try recorder(in: folder)
            try recorder.record(at: Self.start + .seconds(1))
            recorder.miss()
            try recorder.record(at: Self.start + .seconds(3))
            try recorder.finish()
            let capture = try read("vrrp.pcapng", of: folder)
            #expect(capture.frames.count == 2)
            #expect(capture.gaps.map(\.droppedFrames) == [1])
        }
    }

    // MARK: Helpers

    private func recorder(
        in folder: URL,
        _ rotation: CaptureRecorder.Rotation = CaptureRecorder.Rotation(),
        at instant: CaptureInstant = Self.start,
        dropped: @escaping () -> UInt64 = { 0 }
    ) throws -> CaptureRecorder {
        try CaptureRecorder(
            in: OutputDirectory(path: folder.path),
            name: "vrrp.pcapng",
            rotation,
            sensor: #require(Sensor(startingAs: "lab")),
            interfaces: [(.ethernet, Self.interface)],
            application: "test",
            at: instant,
            heartbeat: {
                let interface = Heartbeat.Interface(.ethernet, Self.interface, received: 0, dropped: dropped())
                return Heartbeat(at: instant, [interface])
            }
        )
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vrrpwatch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func read(_ name: String, of folder: URL) throws -> KeptCapture {
        try KeptCapture([UInt8](Data(contentsOf: folder.appending(path: name))))
    }

    private func frames(in name: String, of folder: URL) throws -> Int {
        try read(name, of: folder).frames.count
    }

    private func permissions(of name: String, in folder: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)[.posixPermissions] as? Int
    }
}

extension CaptureRecorder {
    /// Records a frame of 60 bytes.
    fileprivate func record(at instant: CaptureInstant) throws {
        let bytes = [UInt8](repeating: 0x55, count: 60)
        let frame = Frame(
            bytes: bytes.span,
            originalLength: 60,
            number: 1,
            instant: instant,
            interface: 0,
            linkType: .ethernet
        )
        try record(frame, PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: 65_535))
    }
}

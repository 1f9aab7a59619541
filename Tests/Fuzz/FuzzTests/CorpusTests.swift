import Foundation
import FuzzSupport
import Testing

/// Repeats the inputs that fuzzing found worth keeping, and every crash that fuzzing ever found, in the same functions.
@Suite struct CorpusTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    /// The files of a target in a folder, in order of their names.
    static func files(_ folder: String, _ exercise: Exercise) -> [String] {
        let place = root.appending(path: folder).appending(path: exercise.rawValue).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.sorted().map { "\(place)/\($0)" }
    }

    @Test(arguments: Exercise.allCases)
    func corpus(exercise: Exercise) throws {
        let files = Self.files("Corpus", exercise)
        #expect(!files.isEmpty)
        for file in files { exercise.run([UInt8](try Data(contentsOf: URL(filePath: file))).span, prints: true) }
    }

    @Test(arguments: Exercise.allCases)
    func regressions(exercise: Exercise) throws {
        for file in Self.files("Regressions", exercise) {
            exercise.run([UInt8](try Data(contentsOf: URL(filePath: file))).span, prints: true)
        }
    }

    @Test("no prefix and no changed byte of a frame traps")
    func changedFrames() throws {
        for file in Self.files("Corpus", .frame) {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: file)))
            guard bytes.count <= 201 else { continue }
            for length in bytes.indices { Exercise.frame.run(bytes.span.extracting(0..<length), prints: true) }
            for index in bytes.indices {
                var changed = bytes
                for value in [0, 1, 0x7f, 0x80, 0xff, bytes[index] ^ 0x10] {
                    changed[index] = value
                    Exercise.frame.run(changed.span, prints: true)
                }
            }
        }
    }
}

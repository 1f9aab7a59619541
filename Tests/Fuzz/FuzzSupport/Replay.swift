import Foundation

extension Exercise {
    /// The exercise that `VRRPWATCH_FUZZ` names in the environment, `FuzzFrame` for one; ends the program where it names
    /// none.
    package static var chosen: Self {
        let name = ProcessInfo.processInfo.environment["VRRPWATCH_FUZZ"] ?? ""
        guard let exercise = Self(rawValue: name) else {
            fatalError("VRRPWATCH_FUZZ is '\(name)': it takes one of \(allCases.map(\.rawValue))")
        }
        return exercise
    }

    /// Exercises the bytes of files, and names each, so that the last name is that of the file that fails.
    package func replay(_ paths: some Sequence<String>) throws {
        for path in paths {
            print(path)
            run([UInt8](try Data(contentsOf: URL(filePath: path))).span, prints: true)
        }
    }
}

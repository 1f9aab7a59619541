import Foundation

extension Exercise {
    /// Exercises the bytes of files, and names each, so that the last name is that of the file that fails.
    package func replay(_ paths: some Sequence<String>) throws {
        for path in paths {
            print(path)
            run([UInt8](try Data(contentsOf: URL(filePath: path))).span, prints: true)
        }
    }
}

internal import Glibc
internal import VRRPFacts

/// The bytes of a path for calls of the system, with a zero at their end.
func fileName(_ path: String) -> [CChar] {
    NameBytes.path(path)
}

/// A path from the system as text.
func text(ofFileName start: UnsafePointer<CChar>) -> String {
    unsafe NameBytes.text(Array(UnsafeRawBufferPointer(start: start, count: strlen(start))))
}

extension CommandLine {
    /// The arguments of this process, in which names of files are as the system has them, also those that are no UTF-8
    /// (``NameBytes``).
    package static var words: [String] {
        let count = Int(argc)
        return (0..<count).compactMap { index in
            unsafe unsafeArgv[index].map { unsafe text(ofFileName: $0) }
        }
    }
}

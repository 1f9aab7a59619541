internal import Glibc

extension CaptureError {
    /// The error of a call on a file or directory, with what usually stands behind its `errno` where no code is given.
    static func system(_ path: String, _ failure: CInt, _ code: Code? = nil) -> Self {
        let usual: Code =
            switch failure {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .notPermitted
            default: .cannotOpen
            }
        return Self(code ?? usual, path: path, detail: systemMessage(failure), systemError: failure)
    }
}

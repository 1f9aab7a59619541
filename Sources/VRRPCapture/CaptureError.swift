/// A failure of the machine around the packets, or a file in which there is no capture to read.
///
/// Damage inside a capture is not an error: the frames before it are delivered, and the damage is a ``CaptureProblem``.
package struct CaptureError: Error, Hashable, Sendable {
    /// The kind of failure, an open set.
    package struct Code: Hashable, Sendable {
        private let name: Name

        private enum Name: String {
            case notFound, notPermitted, isDirectory, cannotOpen, cannotRead, cannotWrite
            case emptyFile, notACapture, damagedStream, unsupported
            case noSuchInterface, interfaceDown, interfaceGone, invalidFilter
        }

        package static var notFound: Self { Self(name: .notFound) }
        /// The operating system refused; for an interface ``CaptureError/capability`` names what is missing.
        package static var notPermitted: Self { Self(name: .notPermitted) }
        package static var isDirectory: Self { Self(name: .isDirectory) }
        package static var cannotOpen: Self { Self(name: .cannotOpen) }
        package static var cannotRead: Self { Self(name: .cannotRead) }
        package static var cannotWrite: Self { Self(name: .cannotWrite) }
        /// Damaged input: not one byte is there.
        package static var emptyFile: Self { Self(name: .emptyFile) }
        /// Damaged input: the first bytes are those of no capture format.
        package static var notACapture: Self { Self(name: .notACapture) }
        /// Damaged input: a compressed file from which not even the first bytes can be had.
        package static var damagedStream: Self { Self(name: .damagedStream) }
        /// A format that is known and not read; ``CaptureError/hint`` says what to do.
        package static var unsupported: Self { Self(name: .unsupported) }
        package static var noSuchInterface: Self { Self(name: .noSuchInterface) }
        package static var interfaceDown: Self { Self(name: .interfaceDown) }
        /// A live capture ended because its interface was deleted or renamed.
        package static var interfaceGone: Self { Self(name: .interfaceGone) }
        package static var invalidFilter: Self { Self(name: .invalidFilter) }
    }

    package var code: Code
    /// The file or interface as the user named it.
    package var path: String
    /// The reason, one sentence without the path, from the operating system or libpcap where they gave one.
    package var detail: String
    /// The byte in the file at which reading failed; `nil` where the failure has no place.
    package var offset: UInt64?
    /// The `errno` behind the failure, or 0.
    package var systemError: CInt
    /// The capability whose lack explains ``Code/notPermitted``, such as `CAP_NET_RAW`.
    package var capability: String?
    /// The action that helps the user, where only this module knows it.
    package var hint: String?

    package init(
        _ code: Code,
        path: String,
        detail: String,
        offset: UInt64? = nil,
        systemError: CInt = 0,
        capability: String? = nil,
        hint: String? = nil
    ) {
        self.code = code
        self.path = path
        self.detail = detail
        self.offset = offset
        self.systemError = systemError
        self.capability = capability
        self.hint = hint
    }

    /// Whether the input is damaged (exit status 2) and not the machine in the way (exit status 3).
    package var isDamage: Bool { code == .emptyFile || code == .notACapture || code == .damagedStream }
}

extension CaptureError: CustomStringConvertible {
    package var description: String {
        guard let offset else { return "\(path): \(detail)" }
        return "\(path): \(offset): \(detail)"
    }
}

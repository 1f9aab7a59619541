internal import VRRPBundle
internal import VRRPCapture

/// Puts stand-ins in the place of passwords in frames of captures that are read beside a masked bundle.
///
/// A frame that both hold would be two frames otherwise, and its sender one with two passwords.
final class FrameMasking {
    private var mask = SecretMask()
    private var frames = FrameMask()

    /// Lends a frame as a masked bundle would hold it; one that bundles leave out, as it is.
    func lend(_ frame: borrowing Frame, _ body: (borrowing Frame) -> LoopControl) -> LoopControl {
        let bytes = frame.bytes.array
        guard let masked = frames.masked(bytes, linkType: frame.linkType, &mask), masked != bytes else {
            return body(frame)
        }
        let other = Frame(
            bytes: masked.span,
            originalLength: frame.originalLength,
            number: frame.number,
            instant: frame.instant,
            interface: frame.interface,
            linkType: frame.linkType
        )
        return body(other)
    }
}

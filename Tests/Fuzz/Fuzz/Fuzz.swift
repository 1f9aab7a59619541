internal import FuzzSupport

#if FUZZING
/// The target to fuzz; libFuzzer takes the command line for itself.
private let exercise = Exercise.chosen

/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    exercise.run(unsafe bytes.span)
    return 0
}
#else
/// Without libFuzzer the program replays the files named on its command line.
@main
private enum Replay {
    static func main() throws {
        try Exercise.chosen.replay(CommandLine.arguments.dropFirst())
    }
}
#endif

internal import FuzzSupport

#if FUZZING
/// libFuzzer's entry point.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    Exercise.configuration.run(unsafe bytes.span)
    return 0
}
#else
/// Without libFuzzer the program replays the files named on its command line.
@main
private enum Replay {
    static func main() throws {
        try Exercise.configuration.replay(CommandLine.arguments.dropFirst())
    }
}
#endif

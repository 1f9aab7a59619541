internal import Glibc

/// The terminal at standard output, and standard input for keys where it is one too.
///
/// A process has one. Its settings from before are kept where the handler of a crash finds them as well.
package final class Terminal {
    /// An event of the window or the shell.
    package enum Notice: Hashable, Sendable {
        /// It has another size.
        case resized
        /// Ctrl-Z was pressed: ``suspend()`` is expected.
        case suspended
    }

    /// Whether standard output is a terminal that can move its cursor.
    package static var isThere: Bool {
        guard isatty(STDOUT_FILENO) == 1, let name = unsafe getenv("TERM") else { return false }
        return unsafe String(cString: name) != "dumb"
    }

    /// Columns and rows; 80 and 24 where the terminal does not say.
    package static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private let pipe: WakePipe
    /// The descriptor that keys come from; `nil` where standard input is no terminal.
    package let keyDescriptor: CInt?
    private var isFullScreen = false

    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    package init() throws(CaptureError) {
        pipe = try WakePipe()
        keyDescriptor = isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : nil
        unsafe TerminalState.writer = pipe.writer
        signal(SIGWINCH) { _ in TerminalState.tell(UInt8(ascii: "w")) }
    }

    deinit {
        leaveFullScreen()
        signal(SIGWINCH, SIG_DFL)
        unsafe TerminalState.writer = -1
    }

    /// The descriptor that is readable when there is something to ``takeNotices()``.
    package var noticeDescriptor: CInt { pipe.reader }

    /// The events since the last call.
    package func takeNotices() -> Set<Notice> {
        Set(pipe.take(256).map { $0 == UInt8(ascii: "z") ? .suspended : .resized })
    }

    /// The bytes typed since the last call; empty where nothing was typed, `nil` where the terminal is gone.
    package func takeKeys() -> [UInt8]? {
        guard let keyDescriptor else { return [] }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(keyDescriptor, &bytes, bytes.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? [] : nil }
        return count == 0 ? nil : Array(bytes.prefix(count))
    }

    /// Turns to the alternate screen without a cursor, and takes keys as they are pressed.
    ///
    /// However the process ends, except by SIGKILL, the terminal is put back.
    package func enterFullScreen() {
        guard !isFullScreen else { return }
        isFullScreen = true
        if let keyDescriptor {
            unsafe tcgetattr(keyDescriptor, &TerminalState.before)
            unsafe TerminalState.keys = keyDescriptor
            var raw = unsafe TerminalState.before
            raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
            unsafe tcsetattr(keyDescriptor, TCSADRAIN, &raw)
        }
        unsafe TerminalState.isChanged = true
        TerminalState.write(TerminalState.entry)
        TerminalState.guardAgainstCrashes()
        signal(SIGTSTP) { _ in TerminalState.tell(UInt8(ascii: "z")) }
    }

    /// Asks the terminal to send what the mouse does on the full screen, or to keep the mouse for itself.
    package func takeMouse(_ takes: Bool) {
        guard isFullScreen else { return }
        TerminalState.write(takes ? TerminalState.mouse : TerminalState.noMouse)
    }

    package func leaveFullScreen() {
        guard isFullScreen else { return }
        isFullScreen = false
        signal(SIGTSTP, SIG_DFL)
        TerminalState.restore()
        TerminalState.endGuard()
    }

    /// Puts the terminal back, stops the process as Ctrl-Z does, and goes on when it is continued.
    package func suspend() {
        leaveFullScreen()
        raise(SIGSTOP)
        enterFullScreen()
    }
}

/// The state that a signal handler needs, in places that exist before it runs.
private enum TerminalState {
    nonisolated(unsafe) static var before = termios()
    nonisolated(unsafe) static var keys: CInt = -1
    nonisolated(unsafe) static var isChanged = false
    nonisolated(unsafe) static var writer: CInt = -1
    /// The handlers of fatal signals before ours, by number.
    nonisolated(unsafe) static let previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    nonisolated(unsafe) private static var stack: UnsafeMutableRawPointer?

    static let fatal: [CInt] = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT]
    /// The alternate screen, no cursor, no wrapping.
    static let entry = Array("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J".utf8) + mouse
    nonisolated(unsafe) static let exit = unsafe copy(noMouse + Array("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l".utf8))
    /// Presses of buttons and the wheel, told in decimal (XTerm Control Sequences, modes 1000 and 1006).
    static let mouse = Array("\u{1b}[?1000h\u{1b}[?1006h".utf8)
    static let noMouse = Array("\u{1b}[?1006l\u{1b}[?1000l".utf8)

    private static func copy(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
        let place = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe place.initialize(from: bytes)
        return UnsafeBufferPointer(place)
    }

    /// Tells the terminal's reader of a signal; safe in a signal handler.
    static func tell(_ byte: UInt8) { unsafe WakePipe.tell(writer, byte) }

    static func write(_ bytes: [UInt8]) {
        // A terminal that is gone needs no putting back.
        _ = unsafe Glibc.write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// Puts the terminal back by tcsetattr(3) and write(2), which are safe in a signal handler.
    static func restore() {
        guard unsafe isChanged else { return }
        unsafe isChanged = false
        _ = unsafe Glibc.write(STDOUT_FILENO, exit.baseAddress, exit.count)
        if unsafe keys >= 0 { _ = unsafe tcsetattr(keys, TCSANOW, &before) }
    }

    /// Makes a crash put the terminal back before the earlier handler of the signal runs.
    static func guardAgainstCrashes() {
        _ = unsafe exit.count
        if unsafe stack == nil {
            // A stack that overflowed has no room for a handler.
            let size = 1 << 16
            unsafe stack = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            var alternative = unsafe stack_t(ss_sp: stack, ss_flags: 0, ss_size: size)
            unsafe sigaltstack(&alternative, nil)
        }
        for number in fatal {
            var action = sigaction()
            unsafe action.__sigaction_handler.sa_handler = { number in
                TerminalState.restore()
                unsafe sigaction(number, TerminalState.previous + Int(number), nil)
                raise(number)
            }
            action.sa_flags = SA_ONSTACK
            unsafe sigaction(number, &action, previous + Int(number))
        }
    }

    static func endGuard() {
        for number in fatal { unsafe sigaction(number, previous + Int(number), nil) }
    }
}

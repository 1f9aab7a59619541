internal import VRRPCapture
internal import VRRPLive
internal import VRRPReport
internal import VRRPWire

/// The destination of the lines of a running watch: a pipe or a file, a terminal, where they stand above a status line,
/// or the full-screen view.
final class LiveDisplay {
    enum Kind {
        case lines, statusLine, screen
    }

    /// The time between two drawings while nothing happens, and the shortest time between any two drawings.
    private static let refresh = TimeSpan.seconds(1)
    private static let shortest = TimeSpan.milliseconds(100)

    private let kind: Kind
    private let options: TextReport.Options
    private let output: Output
    private let terminal: Terminal?
    private var control = ScreenControl()
    /// The latest lines, for the full-screen view.
    private var log: [String] = []
    /// The number of lines that are kept at least, once there were as many.
    private static let mostLog = 500
    /// The text on the terminal's last line.
    private var statusLine = ""
    /// The lines on the screen; empty where all are to be drawn anew.
    private var drawn: [String] = []
    private var lastDrawing = CaptureInstant.distantPast
    /// Whether something changed since then.
    private var isStale = true

    init(_ kind: Kind, _ options: TextReport.Options, _ output: Output) throws {
        self.kind = kind
        self.options = options
        self.output = output
        do throws(CaptureError) {
            terminal = kind == .lines ? nil : try Terminal()
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
        if kind == .screen { terminal?.enterFullScreen() }
    }

    /// Shows lines that stay.
    func show(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        isStale = true
        switch kind {
        case .lines: for line in lines { try output.write(line + "\n") }
        case .statusLine:
            try eraseStatusLine()
            for line in lines { try output.write(line + "\n") }
        case .screen:
            log += lines
            // Lines are let go of many at a time, so that a new one seldom moves all.
            if log.count > 2 * Self.mostLog { log.removeFirst(log.count - Self.mostLog) }
        }
    }

    /// Shows the present state where it is shown; to be called at each tick, before ``Output/flush()``.
    func update(_ session: LiveSession, at instant: CaptureInstant) throws {
        let age = instant - lastDrawing
        // A clock that was set back must not stop the drawing.
        guard age < .zero || age >= (isStale ? Self.shortest : Self.refresh) else { return }
        try draw(session, at: instant)
    }

    /// Returns the time from an instant until the next necessary call of ``update(_:at:)``; `nil` where nothing is
    /// shown.
    func wait(from instant: CaptureInstant) -> TimeSpan? {
        guard kind != .lines else { return nil }
        return max(.zero, min(lastDrawing + (isStale ? Self.shortest : Self.refresh) - instant, Self.refresh))
    }

    /// Clears the terminal for what is printed at the end.
    func close() throws {
        try eraseStatusLine()
        try output.flush()
        terminal?.leaveFullScreen()
    }

    // MARK: Keys and windows

    var descriptors: [CInt] {
        guard let terminal else { return [] }
        return [terminal.noticeDescriptor] + (kind == .screen ? [terminal.keyDescriptor].compactMap { $0 } : [])
    }

    /// Reads the input at a descriptor; returns stop when the user quits.
    func read(_ descriptor: CInt, _ session: LiveSession, at instant: CaptureInstant) throws -> LoopControl {
        guard let terminal else { return .continue }
        if descriptor == terminal.noticeDescriptor {
            if terminal.takeNotices().contains(.suspended) {
                terminal.suspend()
                terminal.takeMouse(control.takesMouse)
            }
            drawn = []
        } else {
            guard let bytes = terminal.takeKeys() else { return .stop }
            for key in ScreenKey.keys(in: bytes, isTyping: control.isTyping) {
                let (order, troubled) = session.listed(matching: control.filter, by: control.order)
                let page = Screen.capacity(size, showsLog: control.showsLog)
                guard control.press(key, order: order, troubled: troubled, page: page) else { return .stop }
                if key == .redraw { drawn = [] }
                if key == .mouse { terminal.takeMouse(control.takesMouse) }
            }
        }
        try draw(session, at: instant)
        try output.flush()
        return .continue
    }

    // MARK: Drawing

    private var size: ScreenSize {
        let size = Terminal.size
        return ScreenSize(columns: size.columns, rows: size.rows)
    }

    private func draw(_ session: LiveSession, at instant: CaptureInstant) throws {
        switch kind {
        case .lines: return
        case .statusLine: try drawStatusLine(session, at: instant)
        case .screen: try drawScreen(session, at: instant)
        }
        lastDrawing = instant
        isStale = false
    }

    private func drawStatusLine(_ session: LiveSession, at instant: CaptureInstant) throws {
        let line = session.status(at: instant).line(columns: size.columns - 1)
        guard line != statusLine else { return }
        // The rest of a longer earlier line is erased last, so that nothing flickers.
        try output.write("\r" + line + "\u{1b}[K")
        statusLine = line
    }

    private func eraseStatusLine() throws {
        guard !statusLine.isEmpty else { return }
        statusLine = ""
        try output.write("\r\u{1b}[K")
    }

    private func drawScreen(_ session: LiveSession, at instant: CaptureInstant) throws {
        let size = size
        // A paused screen stays as it is, except for changes that a key asked for.
        guard !control.isPaused || isStale || drawn.isEmpty || lastControl != control else { return }
        lastControl = control
        let order = session.listed(matching: control.filter, by: control.order).order
        var state = session.screen(at: instant, control, order: order, size, options)
        state.log = log
        let lines = Screen.draw(state, size, style: options.style)
        var text = drawn.isEmpty ? "\u{1b}[2J" : ""
        for (row, line) in lines.enumerated() where drawn.count != lines.count || drawn[row] != line {
            text += "\u{1b}[\(row + 1);1H\(line)\u{1b}[K"
        }
        drawn = lines
        try output.write(text)
    }

    private var lastControl = ScreenControl()
}

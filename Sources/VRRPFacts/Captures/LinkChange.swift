/// A change of an interface that is watched.
package struct LinkChange: Hashable, Sendable {
    /// The raw values are the words of `vrrpwatch.event/1`.
    package enum State: String, Hashable, Sendable {
        /// The interface was set down or lost its carrier: nothing can be seen there.
        case down
        case up
        /// The interface was deleted.
        case gone
        /// There is an interface of that name again.
        case back
        case renamed
    }

    /// The position of the capture among the captures.
    package var capture: Int
    /// The number of the interface: within its capture, or over all captures, as segments count interfaces.
    package var number: Int
    /// The name of the interface before the change.
    package var interface: String
    package var state: State
    /// The new name of an interface that was renamed.
    package var newName: String?

    package init(capture: Int = 0, number: Int, interface: String, state: State, newName: String? = nil) {
        self.capture = capture
        self.number = number
        self.interface = interface
        self.state = state
        self.newName = newName
    }

    /// Whether nothing can be seen there from now on, or something can again; `nil` where that stays as it is.
    package var blinds: Bool? {
        switch state {
        case .down, .gone: true
        case .up, .back: false
        case .renamed: nil
        }
    }
}

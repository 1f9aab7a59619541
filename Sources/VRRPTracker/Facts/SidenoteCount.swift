package import VRRPWire

/// The frames of one capture that were counted for one reason, though nothing in them is tracked.
package struct SidenoteCount: Hashable, Sendable {
    package let capture: Int
    package let sidenote: Sidenote
    package internal(set) var count: Int
}

internal import CPcap

// libpcap can capture on D-Bus as well, for which it wants libdbus and libsystemd. A program into which libpcap is linked
// takes these two functions for libpcap's own (pcap-dbus.c), and needs neither library; a shared libpcap has its own.

/// Lists no bus.
@c(dbus_findalldevs)
func findBuses(_ devices: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<CChar>?) -> CInt { 0 }

/// Says that no device is a bus.
@c(dbus_create)
func openBus(
    _ device: UnsafePointer<CChar>?,
    _ error: UnsafeMutablePointer<CChar>?,
    _ isBus: UnsafeMutablePointer<CInt>?
) -> OpaquePointer? {
    unsafe isBus?.pointee = 0
    return nil
}

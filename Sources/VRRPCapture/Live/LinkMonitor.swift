internal import Glibc

/// Tells when something about the machine's interfaces has changed, by rtnetlink(7).
///
/// The change itself is asked of the system: with many messages some are lost, and a wake-up is enough.
struct LinkMonitor: ~Copyable {
    /// To poll for reading; -1 where there is no such socket, so that only asking now and then helps.
    let descriptor: CInt

    /// NETLINK_ROUTE and RTMGRP_LINK of linux/rtnetlink.h, which Glibc's module leaves out.
    private static let route: CInt = 0
    private static let linkGroup: UInt32 = 1

    init() {
        descriptor = socket(
            AF_NETLINK,
            CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue),
            Self.route
        )
        // struct sockaddr_nl: the family and two bytes of padding, a port that the kernel chooses, the groups.
        let address: [UInt32] = [UInt32(AF_NETLINK).littleEndian, 0, Self.linkGroup]
        // Without membership it stays silent, and the links are looked at once a second all the same.
        _ = unsafe address.withUnsafeBytes { bytes in
            unsafe bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Discards the pending announcements.
    func drain() {
        var buffer = [UInt8](repeating: 0, count: 8192)
        // Lost messages are one more reason to look, and the caller looks anyway.
        while unsafe recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT)) > 0 || errno == ENOBUFS {}
    }
}

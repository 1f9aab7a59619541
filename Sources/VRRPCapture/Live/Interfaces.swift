internal import CPcap
internal import Glibc

/// A network interface as `vrrpwatch interfaces` lists it.
package struct Interface: Hashable, Sendable {
    package var name: String
    /// libpcap's description; `nil` for ordinary devices.
    package var details: String?
    package var isUp: Bool
    package var isRunning: Bool
    package var isLoopback: Bool
    /// Addresses as numeric text, IPv4 before IPv6 as the system lists them; link-local ones with their zone.
    package var addresses: [String]
    /// The reason why the interface cannot be watched; `nil` if it can be.
    package var obstacle: CaptureError?
}

/// The network interfaces of this machine.
package enum Interfaces {
    /// Every interface that libpcap knows and that carries network traffic, and `any`, in libpcap's order.
    ///
    /// Each is opened for a moment, without promiscuous mode, to see whether that is possible. Throws ``CaptureError`` with
    /// `cannotOpen` when there is no list at all.
    package static func all() throws(CaptureError) -> [Interface] { try all(trying: true) }

    /// The names of these interfaces, of which none is opened; none where there is no list.
    package static var names: [String] {
        // A shell that completes a word has no place for an error.
        (try? all(trying: false).map(\.name)) ?? []
    }

    private static func all(trying: Bool) throws(CaptureError) -> [Interface] {
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        var first: UnsafeMutablePointer<pcap_if_t>?
        guard unsafe pcap_findalldevs(&first, &message) == 0 else {
            throw CaptureError(.cannotOpen, path: "interfaces", detail: text(message))
        }
        defer { unsafe pcap_freealldevs(first) }
        var interfaces: [Interface] = []
        var next = unsafe first
        while let device = unsafe next?.pointee {
            unsafe next = device.next
            guard let name = unsafe device.name.map({ unsafe String(cString: $0) }), exists(name) else { continue }
            let flags = unsafe Int32(bitPattern: device.flags)
            interfaces.append(
                unsafe Interface(
                    name: name,
                    details: device.description.map { unsafe String(cString: $0) },
                    isUp: flags & PCAP_IF_UP != 0,
                    isRunning: flags & PCAP_IF_RUNNING != 0,
                    isLoopback: flags & PCAP_IF_LOOPBACK != 0,
                    addresses: addresses(device.addresses),
                    obstacle: trying ? obstacle(name) : nil
                )
            )
        }
        return interfaces
    }

    /// Whether a live capture can be asked for by this name.
    package static func exists(_ name: String) -> Bool {
        unsafe name == "any" || if_nametoindex(name) != 0
    }

    private static func obstacle(_ name: String) -> CaptureError? {
        do throws(CaptureError) {
            _ = try LiveCapture(interface: name, options: LiveCapture.Options(isPromiscuous: false, bufferKiB: 256))
            return nil
        } catch {
            return error
        }
    }

    private static func addresses(_ first: UnsafeMutablePointer<pcap_addr_t>?) -> [String] {
        var result: [String] = []
        var next = unsafe first
        while let entry = unsafe next?.pointee {
            unsafe next = entry.next
            guard let address = unsafe entry.addr else { continue }
            let length: Int
            switch unsafe CInt(address.pointee.sa_family) {
            case AF_INET: length = MemoryLayout<sockaddr_in>.size
            case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
            default: continue
            }
            var buffer = [CChar](repeating: 0, count: 128)
            let status = unsafe getnameinfo(
                address,
                socklen_t(length),
                &buffer,
                socklen_t(buffer.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            if status == 0 { result.append(text(buffer)) }
        }
        return result
    }
}

/// The text before the first zero in a C buffer.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The commands that the owners of the routers are to run, so that captures of all of them together tell what happened.
package enum CapturePage {
    /// The word under which `explain` shows the page.
    package static let name = "capture"

    private static let untagged = """
        proto 112 or proto 51 or arp or icmp[0] = 3
           or (icmp6 and ip6[40] >= 135 and ip6[40] <= 136)
        """

    /// The packets that matter, for tcpdump, in lines: VRRP, AH with VRRP inside, ARP, refusals by ICMP and neighbor discovery,
    /// with and without a VLAN tag.
    package static let filter = "\(untagged)\n   or (vlan and (\(untagged)))"

    /// Returns the page.
    package static func render(width: Int, style: TextStyle) -> String {
        var text = style.paint(name, .heading) + "  how to capture so that everything can be told\n\n"
        func say(_ sentence: String) { text += wrapped(sentence, width: width, indent: 0) }
        func command(_ lines: String) { text += lines.split(separator: "\n").map { "    \($0)\n" }.joined() }
        say(
            "Run one command on each router, on all of them at the same time, as root. Put the interface of the virtual "
                + "router in the place of eth0. A capture at one router alone cannot tell whether what it sends arrives."
        )
        text += "\n" + style.paint("Where vrrpwatch is on the routers, the owner of each runs", .heading) + "\n"
        command("vrrpwatch collect eth0 -o r1.vrrpbundle")
        text += "\n"
        say(
            "The file holds 20 s of packets and the configuration, logs, filters and clock of the router, with passwords masked. "
                + "`vrrpwatch report r1.vrrpbundle r2.vrrpbundle -o report.html` uses all of it. Elsewhere tcpdump will do:"
        )
        for router in ["r1", "r2"] {
            text += "\n" + style.paint("The owner of \(router) runs", .heading) + "\n"
            // Within quotes a line may end anywhere.
            command("tcpdump -i eth0 -n -s 0 -U -w \(router).pcap \\\n  '\(filter)'")
        }
        text += "\n"
        say(
            "-s 0 keeps whole packets, which checksums and authentication need. -U writes each packet at once. The filter lets "
                + "VRRP (112), AH (51), ARP, neighbor discovery and ICMP refusals pass, with and without a VLAN tag."
        )
        text += "\n"
        say(
            "Leave both running until the trouble has shown, and a minute longer. Stop them with Ctrl-C. For trouble that is "
                + "rare, add -C 50 -W 20, which keeps the latest twenty files of 50 MB. Note on each router how far its clock is "
                + "off (`chronyc tracking`); the report compares the clocks by the packets as well."
        )
        text += "\n" + style.paint("Then, with all files in one place", .heading) + "\n"
        command("vrrpwatch report --at r1=r1.pcap --at r2=r2.pcap -o report.html")
        text += "\n"
        say(
            "Files hold addresses and, with simple text authentication, passwords. `vrrpwatch extract r1.pcap -w small.pcapng` "
                + "keeps only what matters."
        )
        return text
    }
}

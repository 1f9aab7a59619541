#!/usr/bin/python3
"""Makes the captures in this folder with scapy, always the same bytes.

Each holds, in one encapsulation, a VRRPv2 advertisement, a VRRPv3 advertisement over IPv6, and a gratuitous ARP
request, or a VRRPv3 advertisement over IPv4 where only IP can be carried. Needs python3-scapy (2.5.0).
"""
import os
import struct

from scapy.compat import raw
from scapy.layers.dot11 import Dot11, Dot11QoS, RadioTap
from scapy.layers.hsrp import HSRP
from scapy.layers.inet import IP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP, Dot1AD, Dot1Q, Dot3, Ether, GRE, GRE_PPTP, LLC, SNAP
from scapy.layers.ppp import PPP, PPPoE
from scapy.layers.vrrp import VRRP, VRRPv3
from scapy.layers.vxlan import VXLAN
from scapy.contrib.erspan import ERSPAN_II, ERSPAN_III
from scapy.contrib.geneve import GENEVE
from scapy.contrib.mpls import MPLS
from scapy.packet import Raw

MAC4, MAC6 = "00:00:5e:00:01:33", "00:00:5e:00:02:33"
GROUP4, GROUP6 = "01:00:5e:00:00:12", "33:33:00:00:00:12"
BROADCAST = "ff:ff:ff:ff:ff:ff"
# The first and the last device of the outer path.
NEAR, FAR = "02:00:00:00:00:01", "02:00:00:00:00:02"

ETHERNET, PPP_TYPE, PPP_HDLC, PPP_ETHER, RAW, C_HDLC = 1, 9, 50, 51, 101, 104
WLAN, PRISM, RADIOTAP, AVS = 105, 119, 127, 163


def ip2():
    return IP(src="10.51.0.1", dst="224.0.0.18", ttl=255, tos=0xC0, id=7) / VRRP(
        version=2, vrid=51, priority=100, adv=1, addrlist=["10.51.0.100"], auth1=0, auth2=0)


def ip3():
    return IP(src="10.51.0.2", dst="224.0.0.18", ttl=255, tos=0xC0, id=8) / VRRPv3(
        vrid=51, priority=120, adv=100, addrlist=["10.51.0.100"])


def ip6():
    return IPv6(src="fe80::5:1", dst="ff02::12", hlim=255) / VRRPv3(
        vrid=51, priority=150, adv=100, addrlist=["fe80::5:100"])


def arp():
    return ARP(op=1, hwsrc=MAC4, psrc="10.51.0.100", hwdst=BROADCAST, pdst="10.51.0.100")


# Address, type, packet of each frame that can go where Ethernet can.
def frames(type_of_ether=Ether):
    return [(MAC4, GROUP4, 0x0800, ip2()), (MAC6, GROUP6, 0x86DD, ip6()), (MAC4, BROADCAST, 0x0806, arp())]


def packets():
    return [(0x0800, ip2()), (0x86DD, ip6()), (0x0800, ip3())]


def ethernet(*tags):
    """Whole frames, with tags of (EtherType, VLAN) outermost first."""
    made = []
    for source, destination, kind, packet in frames():
        header = raw(Ether(src=source, dst=destination, type=0))[:12]
        for tpid, vlan in tags:
            header += struct.pack("!HH", tpid, vlan)
        made.append(header + struct.pack("!H", kind) + raw(packet))
    return made


def carried(payload, protocol, vlan=None, version=4):
    """Bytes behind an outer IP header in Ethernet."""
    link = Ether(src=NEAR, dst=FAR)
    if vlan is not None:
        link = link / Dot1Q(vlan=vlan)
    if version == 4:
        return raw(link / IP(src="192.0.2.1", dst="192.0.2.2", proto=protocol, id=1) / Raw(payload))
    return raw(link / IPv6(src="2001:db8::1", dst="2001:db8::2", nh=protocol) / Raw(payload))


def over_udp(port, payload, version=4, vlan=None):
    link = Ether(src=NEAR, dst=FAR)
    if vlan is not None:
        link = link / Dot1Q(vlan=vlan)
    ip = IP(src="192.0.2.1", dst="192.0.2.2", id=1) if version == 4 else IPv6(src="2001:db8::1", dst="2001:db8::2")
    return raw(link / ip / UDP(sport=50000, dport=port) / Raw(payload))


def snap(oui=0):
    return [raw(Dot3(src=s, dst=d) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=oui, code=k) / p)
            for s, d, k, p in frames()]


def ppp(kind):
    return {0x0800: 0x0021, 0x86DD: 0x0057}[kind]


def wlan(qos=False, to_system=False, from_system=True, pad=0):
    made = []
    for source, destination, kind, packet in frames():
        flags = (1 if to_system else 0) | (2 if from_system else 0)
        station, access = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
        addresses = {
            0: (destination, source, access), 1: (access, source, destination),
            2: (destination, access, source), 3: (station, access, destination)}[flags]
        header = Dot11(type=2, subtype=8 if qos else 0, FCfield=flags, addr1=addresses[0], addr2=addresses[1],
                       addr3=addresses[2], SC=16, ID=0)
        if flags == 3:
            header.addr4 = source
        head = raw(header)
        if qos:
            head += raw(Dot11QoS(TID=6))
        head += b"\0" * pad
        made.append(head + raw(LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=0, code=kind) / packet))
    return made


def erspan3(payload, flags, subheader=b""):
    """`flags` are the frame type, 0 Ethernet or 2 IP, and whether a subheader follows."""
    return raw(GRE(proto=0x22EB, seqnum_present=1, sequence_number=1) / ERSPAN_III(
        vlan=10, session_id=100, timestamp=1, ft=flags[0], o=flags[1])) + subheader + payload


def hsrp1(group, state, priority):
    return raw(Ether(src="00:00:0c:07:ac:01", dst="01:00:5e:00:00:02") / IP(src="10.0.0.2", dst="224.0.0.2", ttl=1, id=1)
               / UDP(sport=1985, dport=1985) / HSRP(state=state, priority=priority, group=group, virtualIP="10.0.0.1"))


def hsrp2(version):
    state = struct.pack("!BBBBBBH6sIII", 1, 40, 2, 0, 6, version, 300, b"\x02\0\0\0\0\3", 110, 3000, 10000)
    if version == 4:
        ip = IP(src="10.0.0.3", dst="224.0.0.102", ttl=255, id=2)
        state += bytes([10, 0, 0, 1]) + bytes(12)
        port, mac = 1985, "01:00:5e:00:00:66"
    else:
        ip = IPv6(src="fe80::3", dst="ff02::66", hlim=255)
        state += b"\xfe\x80" + bytes(13) + b"\1"
        port, mac = 2029, "33:33:00:00:00:66"
    return raw(Ether(src="00:00:0c:9f:f1:2c", dst=mac) / ip / UDP(sport=port, dport=port) / Raw(state))


def glbp():
    hello = struct.pack("!BBBBBBHIIHHHBB4s", 1, 28, 0, 32, 0, 105, 0, 3000, 10000, 600, 14400, 0, 1, 4,
                        bytes([10, 0, 0, 1]))
    payload = struct.pack("!BBHH6s", 1, 0, 7, 0, b"\2\0\0\0\0\4") + hello
    return raw(Ether(src="00:07:b4:00:07:01", dst="01:00:5e:00:00:66") / IP(src="10.0.0.4", dst="224.0.0.102", ttl=255, id=3)
               / UDP(sport=3222, dport=3222) / Raw(payload))


def captures():
    plain = ethernet()
    tagged = ethernet((0x8100, 10))
    yield "priority-tag", ETHERNET, ethernet((0x8100, 0))
    yield "dot1ad", ETHERNET, [raw(Ether(src=s, dst=d) / Dot1AD(vlan=100) / Dot1Q(vlan=10, type=k) / p)
                               for s, d, k, p in frames()]
    yield "qinq-old", ETHERNET, ethernet((0x9100, 300), (0x9200, 200), (0x8100, 10))
    yield "qinq-deep", ETHERNET, ethernet(*[(0x8100, n) for n in range(1, 9)])
    yield "snap", ETHERNET, snap()
    yield "snap-bridge-tunnel", ETHERNET, snap(0xF8)[:2]

    yield "ppp", PPP_TYPE, [raw(PPP(proto=ppp(k)) / p) if n else b"\xff\x03" + raw(PPP(proto=ppp(k)) / p)
                            for n, (k, p) in enumerate(packets())]
    yield "ppp-compressed", PPP_TYPE, [bytes([ppp(k)]) + raw(p) for k, p in packets()]
    yield "ppp-hdlc", PPP_HDLC, [b"\xff\x03" + raw(PPP(proto=ppp(k)) / p) for k, p in packets()]
    yield "cisco-hdlc", C_HDLC, [b"\x0f\0" + struct.pack("!H", k) + raw(p) for k, p in packets()]
    yield "cisco-hdlc-as-ppp", PPP_HDLC, [b"\x8f\0" + struct.pack("!H", k) + raw(p) for k, p in packets()]
    yield "pppoe", ETHERNET, [raw(Ether(src=NEAR, dst=FAR) / Dot1Q(vlan=35) / PPPoE(sessionid=0x1234) / PPP(proto=ppp(k)) / p)
                              for k, p in packets()]
    yield "pppoe-bare", PPP_ETHER, [raw(PPPoE(sessionid=0x1234) / PPP(proto=ppp(k)) / p) for k, p in packets()]

    def mpls(payload, *labels):
        packet = Ether(src=NEAR, dst=FAR, type=0x8847)
        for n, label in enumerate(labels):
            packet = packet / MPLS(label=label, s=1 if n == len(labels) - 1 else 0, ttl=64)
        return raw(packet) + payload
    yield "mpls-ip", ETHERNET, [mpls(raw(p), 16, 17000) for _, p in packets()]
    yield "mpls-pseudowire", ETHERNET, [mpls(bytes(4) + f, 16, 17000) for f in tagged]
    yield "mpls-pseudowire-sequence", ETHERNET, [mpls(b"\0\0\0\x2a" + f, 17000) for f in plain]
    yield "mpls-pseudowire-bare", ETHERNET, [mpls(f, 17000) for f in tagged]

    yield "gre", ETHERNET, [carried(raw(GRE(proto=k) / p), 47, vlan=5) for k, p in packets()]
    yield "gre-options", ETHERNET, [
        carried(raw(GRE(proto=k, chksum_present=1, offset=0, key_present=1, key=77, seqnum_present=1, sequence_number=3) / p), 47)
        for k, p in packets()]
    yield "gre-routing", ETHERNET, [
        carried(raw(GRE(proto=k, routing_present=1, chksum_present=1, chksum=0, offset=0, key_present=1, key=77))
                + struct.pack("!HBB4sHBB", 0x0800, 0, 4, b"\xc0\0\2\3", 0, 0, 0) + raw(p), 47)
        for k, p in packets()]
    yield "gre-ipv6", ETHERNET, [carried(raw(GRE(proto=k) / p), 47, version=6) for k, p in packets()]
    yield "gre-bridged", ETHERNET, [carried(raw(GRE(proto=0x6558, key_present=1, key=9)) + f, 47) for f in tagged]
    yield "gre-mpls", ETHERNET, [
        carried(raw(GRE(proto=0x8847) / MPLS(label=18, s=1, ttl=64)) + bytes(4) + f, 47) for f in tagged]
    yield "pptp", ETHERNET, [
        carried(raw(GRE_PPTP(seqnum_present=1, sequence_number=1, call_id=5, payload_len=2 + len(p))
                    / PPP(proto=ppp(k)) / p), 47) for k, p in packets()]

    yield "erspan-1", ETHERNET, [carried(raw(GRE(proto=0x88BE)) + f, 47) for f in tagged]
    yield "erspan-2", ETHERNET, [
        carried(raw(GRE(proto=0x88BE, seqnum_present=1, sequence_number=1)
                    / ERSPAN_II(ver=1, vlan=10, session_id=100)) + f, 47) for f in plain]
    yield "erspan-2-trunk", ETHERNET, [
        carried(raw(GRE(proto=0x88BE, seqnum_present=1, sequence_number=1)
                    / ERSPAN_II(ver=1, vlan=10, en=3, session_id=100)) + f, 47) for f in ethernet((0x8100, 20))]
    yield "erspan-3", ETHERNET, [carried(erspan3(f, (0, 0)), 47) for f in plain]
    yield "erspan-3-subheader", ETHERNET, [carried(erspan3(f, (0, 1), bytes(8)), 47) for f in plain]
    yield "erspan-3-ip", ETHERNET, [carried(erspan3(raw(p), (2, 0)), 47) for _, p in packets()]

    yield "vxlan", ETHERNET, [over_udp(4789, raw(VXLAN(flags=8, vni=5001)) + f, vlan=7) for f in tagged]
    yield "vxlan-untagged", ETHERNET, [over_udp(4789, raw(VXLAN(flags=8, vni=5001)) + f) for f in plain]
    yield "vxlan-linux", ETHERNET, [over_udp(8472, raw(VXLAN(flags=8, vni=5001)) + f) for f in plain]
    yield "vxlan-ipv6", ETHERNET, [over_udp(4789, raw(VXLAN(flags=8, vni=5001)) + f, version=6) for f in plain]
    yield "vxlan-gpe", ETHERNET, [
        over_udp(4790, raw(VXLAN(flags=0x0C, NextProtocol=3, vni=5001)) + f) for f in plain]
    yield "vxlan-gpe-ip", ETHERNET, [
        over_udp(4790, raw(VXLAN(flags=0x0C, NextProtocol=1 if k == 0x0800 else 2, vni=5001)) + raw(p))
        for k, p in packets()]
    yield "geneve", ETHERNET, [over_udp(6081, raw(GENEVE(proto=0x6558, vni=5001)) + f) for f in tagged]
    yield "geneve-options", ETHERNET, [
        over_udp(6081, struct.pack("!BBHI", 3, 0, 0x6558, 5001 << 8) + b"\1\2\3\2" + bytes(8) + f) for f in plain]
    yield "geneve-ip", ETHERNET, [over_udp(6081, raw(GENEVE(proto=k, vni=5001)) + raw(p)) for k, p in packets()]

    yield "ip-in-ip", ETHERNET, [carried(raw(p), 4 if k == 0x0800 else 41, vlan=5) for k, p in packets()]
    yield "ip-in-ipv6", ETHERNET, [carried(raw(p), 4 if k == 0x0800 else 41, version=6) for k, p in packets()]
    yield "nested", ETHERNET, [
        over_udp(4789, raw(VXLAN(flags=8, vni=1)) + carried(
            raw(GRE(proto=0x88BE, seqnum_present=1, sequence_number=1) / ERSPAN_II(ver=1, vlan=10, session_id=100))
            + f, 47, vlan=8), vlan=7) for f in plain]

    yield "wlan", WLAN, wlan()
    yield "wlan-qos", WLAN, wlan(qos=True)
    yield "wlan-to-system", WLAN, wlan(to_system=True, from_system=False)
    yield "wlan-ad-hoc", WLAN, wlan(from_system=False)
    yield "wlan-bridge", WLAN, wlan(qos=True, to_system=True)
    yield "radiotap", RADIOTAP, [raw(RadioTap(present="Flags+Rate", Flags=0, Rate=2)) + f for f in wlan(qos=True)]
    # A timestamp and the flag that says that the header is padded.
    padded = struct.pack("<BBHIQB", 0, 0, 17, 3, 1, 0x20)
    yield "radiotap-padded", RADIOTAP, [padded + f for f in wlan(qos=True, pad=2)]
    yield "prism", PRISM, [struct.pack("<II16s", 0x44, 144, b"wlan0") + bytes(120) + f for f in wlan()]
    yield "avs", AVS, [struct.pack("!II", 0x80211001, 64) + bytes(56) + f for f in wlan()]

    yield "first-hop", ETHERNET, [hsrp1(1, 16, 110), hsrp1(1, 8, 100), hsrp2(4), hsrp2(6), glbp()]


def write(name, link_type, made):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".pcap")
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type))
        for number, frame in enumerate(made):
            # 2026-01-01T00:00:00Z and a second for each frame.
            file.write(struct.pack("<IIII", 1767225600 + number, 0, len(frame), len(frame)) + frame)


if __name__ == "__main__":
    for capture in captures():
        write(*capture)

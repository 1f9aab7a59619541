"""The stream of a sensor, as `vrrpwatch watch -w -` writes one, made of a recording."""

import struct


def _block(kind, body):
    length = 12 + len(body)
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def _option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _comment(text):
    return _option(1, text.encode())


def records(pcap):
    """The packets of a pcap file: the time in nanoseconds, the length on the wire, and the bytes."""
    content = pcap.read_bytes()
    unit = {b"\xd4\xc3\xb2\xa1": 1000, b"\x4d\x3c\xb2\xa1": 1}[content[:4]]
    place = 24
    while place < len(content):
        seconds, fraction, count, length = struct.unpack_from("<IIII", content, place)
        yield seconds * 10**9 + fraction * unit, length, content[place + 16 : place + 16 + count]
        place += 16 + count


def blocks(pcap, sensor="berlin-1", boot="9f86d081884c7d65", first=0, part=slice(None)):
    """The blocks of the stream: a header, an interface, packets, and a heartbeat for each second."""
    header = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    yield _block(0x0A0D0D0A, header + _comment(f"vrrpwatch: sensor {sensor}, boot {boot}, from packet {first}") + bytes(4))
    interface = struct.pack("<HHI", 1, 0, 262_144) + _option(2, b"eth0") + _option(9, b"\x09") + bytes(4)
    yield _block(1, interface)
    packets, beats, due = first, 0, None
    for time, length, data in list(records(pcap))[part]:
        due = due or time
        while due <= time:
            beats += 1
            yield _heartbeat(due, beats, packets)
            due += 10**9
        packets += 1
        fields = struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(data), length)
        yield _block(6, fields + data + bytes(-len(data) % 4))
    yield _heartbeat(due, beats + 1, packets)


def _heartbeat(time, number, packets):
    stamp = struct.pack("<II", time >> 32, time & 0xFFFFFFFF)
    fields = struct.pack("<I", 0) + stamp + _comment(f"vrrpwatch: heartbeat {number} after {packets} packets")
    fields += _option(3, stamp) + _option(4, struct.pack("<Q", packets)) + _option(5, bytes(8)) + bytes(4)
    return _block(5, fields)

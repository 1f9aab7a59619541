"""Captures of senders that want to be expensive, one kind after the other: a frame of none of them may cost more than its bound."""

import struct

import inputs
from inputs import START, Changeable, arp, record


def members(number, routers, first=0):
    """Routers of one virtual router, each with an address and a MAC address of its own."""
    return [Changeable(number, first + position) for position in range(routers)]


def rounds(count, routers, period=1_000_000):
    """Yields (frame, turn, position, instant): each router has its turn in each period."""
    for frame in range(count):
        turn, position = divmod(frame, routers)
        yield frame, turn, position, START + turn * period + position * (period * 9 // 10) // routers


def clique(count, routers=64):
    """All routers of one virtual router are master at once, and each claims the addresses of the others between its adverts."""
    speakers = members(0, routers)
    addresses = [inputs.address(0, index) for index in range(60)]
    for frame, turn, position, instant in rounds(count // 2, routers):
        speaker = speakers[position]
        yield record(instant, speaker.frame(100 + position % 50, [addresses[position % 60]]))
        yield record(instant + 100, arp(speaker.mac, addresses[(position * 7 + turn) % 60], speaker.vlan))


def crowd(count, routers=64):
    """All routers of one virtual router are master at once."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        yield record(instant, speakers[position].frame(100 + position, [inputs.address(0)]))


def settings(count, routers=64, kinds=64):
    """Each router says something else with each advert: interval, TTL and password."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        step = turn * 31 + position * 13
        password = struct.pack(">Q", 1 + step % kinds)
        frame = speakers[position].frame(1 + step % 254, [inputs.address(0)], 1 + step % 5, password, 255 - step % 3)
        yield record(instant, frame)


def counts(count, routers=64, kinds=8):
    """Each router changes the number of its addresses with each advert, of which implementations think differently."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        step = turn * 3 + position
        addresses = [inputs.address(0, index) for index in range(1 + step % kinds)]
        yield record(instant, speakers[position].frame(100 + position % 50, addresses))


def lists(count, routers=64, length=250):
    """Each router advertises another list of many addresses each time."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        addresses = [struct.pack(">I", 0x0B000000 + frame * length + index) for index in range(length)]
        yield record(instant, speakers[position].frame(100 + position % 50, addresses))


def owners(count, virtual_routers=16, routers=64):
    """Sixteen virtual routers share an address, and their routers claim it all the time."""
    groups = [members(number, routers) for number in range(virtual_routers)]
    shared = inputs.address(0)
    instant = START
    for turn in range(3):
        for group in groups:
            for position, speaker in enumerate(group):
                instant += 900
                yield record(instant, speaker.frame(100 + position, [shared]))
    for frame in range(count - 3 * virtual_routers * routers):
        instant += 500
        group = groups[frame % virtual_routers]
        speaker = group[frame // virtual_routers % routers]
        if frame % 3 == 0:
            yield record(instant, speaker.frame(100 + frame % 50, [shared]))
        else:
            yield record(instant, arp(speaker.mac, shared, 1))


def announcements(count, routers=4):
    """Masters announce their addresses all the time, and advertise between."""
    speakers = members(0, routers)
    addresses = [inputs.address(0, index) for index in range(60)]
    for frame, turn, position, instant in rounds(count, routers * 16):
        speaker = speakers[position % routers]
        if position % 2 == 0:
            yield record(instant, speaker.frame(100 + position % 50, addresses))
        else:
            yield record(instant, arp(speaker.mac, addresses[(turn + position) % 60], speaker.vlan))


def places(count, sources=300):
    """More sources than there are places take turns, beside one that hands over to another all the time."""
    pair = members(0, 2)
    strangers = members(0, 62, 2) + [changed(speaker) for speaker in members(0, 62, 2)] * (sources // 62)
    for frame, turn, position, instant in rounds(count, 4, 2_000_000):
        if position < 2:
            speaker = pair[turn % 2]
            yield record(instant, speaker.frame(100 * (1 - position), [inputs.address(0)]))
        else:
            number = turn * 2 + position
            speaker = strangers[number % 62]
            speaker.source = struct.pack(">I", 0xAC200000 + number % sources)
            yield record(instant, speaker.frame(1 + number % 99, [inputs.address(0)]))


def changed(speaker):
    speaker.source = bytes([172, 32]) + speaker.source[2:]
    return speaker


def segments(count):
    """Ever new virtual routers of one VRID, each on a segment of its own."""
    for frame in range(count):
        speaker = Changeable(0, 0)
        speaker.vlan = 1 + frame % 4094
        outer = struct.pack(">HHHH", 0x88A8, 1 + frame // 4094, 0x8100, speaker.vlan)
        link = b"\x01\x00\x5e\x00\x00\x12" + speaker.mac + outer
        yield record(START + frame * 100, link + speaker.frame(100, [inputs.address(0)])[16:])


def strangers(count, routers=64):
    """Frames from the addresses of routers with other MAC addresses and TTLs."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        speaker = speakers[position]
        speaker.mac = b"\x02\x77" + struct.pack(">I", turn % 40 if position % 2 else position)
        yield record(instant, speaker.frame(100 + position % 50, [inputs.address(0)], ttl=255 - turn % 2))


def steps(count, virtual_routers=1000):
    """The clock is set back and leaps all the time, beside many steady masters."""
    speakers = [Changeable(number, 0) for number in range(virtual_routers)]
    for turn in range(4):
        for number, speaker in enumerate(speakers):
            instant = START + turn * 1_000_000 + number * 900_000 // virtual_routers
            yield record(instant, speaker.frame(100, [inputs.address(number)]))
    for frame in range(count - 4 * virtual_routers):
        instant = START + 4_000_000 + frame * 1000 - (frame % 2) * 2_000_000
        speaker = speakers[frame % virtual_routers]
        yield record(instant, speaker.frame(100, [inputs.address(frame % virtual_routers)]))


def leaps(count, virtual_routers=1000):
    """The clock leaps forward with each third frame."""
    speakers = [Changeable(number, 0) for number in range(virtual_routers)]
    for turn in range(4):
        for number, speaker in enumerate(speakers):
            instant = START + turn * 1_000_000 + number * 900_000 // virtual_routers
            yield record(instant, speaker.frame(100, [inputs.address(number)]))
    instant = START + 4_000_000
    for frame in range(count - 4 * virtual_routers):
        instant += 61_000_000 if frame % 3 == 0 else 1000
        number = frame % virtual_routers
        yield record(instant, speakers[number].frame(100, [inputs.address(number)]))


def silences(count, routers=64):
    """Every router falls silent and comes back in turn, at intervals of forty seconds."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers, 7_000_000):
        if (turn + position) % 3:
            yield record(instant, speakers[position].frame(100 + position % 9, [inputs.address(0)], 40))


def forms(count, make):
    """Frames that are counted by what they name, each of another name."""
    for frame in range(count):
        yield record(START + frame * 100, make(frame))


def carp(frame):
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 56, frame & 0xFFFF, 0, 255, 112, 0) + b"\xac\x10\x00\x01\xe0\x00\x00\x12"
    message = struct.pack(">BBBBBBH", 0x21, frame % 251, 0, 7, 1, 1, 0) + bytes(28)
    link = b"\x01\x00\x5e\x00\x00\x12\x02\x00\x00\x00\x00\x01" + struct.pack(">HHH", 0x8100, 1 + frame // 251 % 4094, 0x0800)
    return link + ip + message


def malformed(frame):
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 24, frame & 0xFFFF, 0, 255, 112, 0)
    ip += struct.pack(">I", 0xAC100000 + frame) + b"\xe0\x00\x00\x12"
    return b"\x01\x00\x5e\x00\x00\x12\x02\x00\x00\x00\x00\x01\x08\x00" + ip + b"\x21\x01\x64\x01" + bytes(22)


def hosts(frame):
    return arp(b"\x02\x55" + struct.pack(">I", frame % 5), b"\x0a\x77" + struct.pack(">H", frame // 5 % 5000), 1)


def many_lists(count, length=250):
    """Ever new virtual routers, each with many addresses."""
    for frame in range(count):
        speaker = Changeable(frame, 0)
        addresses = [struct.pack(">I", 0x0B000000 + frame * length + index) for index in range(length)]
        yield record(START + frame * 100, speaker.frame(100, addresses))


def hmac_like(count, routers=64, kinds=8):
    """Authentication Headers, whose keys do not show, in several kinds of settings."""
    speakers = members(0, routers)
    for frame, turn, position, instant in rounds(count, routers):
        step = turn + position
        yield record(instant, authenticated(speakers[position], 100 + position % 50, 1 + step % kinds, frame))


def authenticated(speaker, priority, interval, sequence):
    message = struct.pack(">BBBBBBH", 0x21, speaker.vrid, priority, 1, 2, interval, 0) + inputs.address(0) + bytes(8)
    message = message[:6] + struct.pack(">H", inputs.checksum(message)) + message[8:]
    ah = struct.pack(">BBHII", 112, 4, 0, struct.unpack(">I", speaker.source)[0], sequence + 1) + bytes(range(12))
    speaker.identification = (speaker.identification + 1) & 0xFFFF
    header = struct.pack(">BBHHHBBH", 0x45, 0xC0, 20 + len(ah) + len(message), speaker.identification, 0, 255, 51, 0)
    header += speaker.source + b"\xe0\x00\x00\x12"
    header = header[:10] + struct.pack(">H", inputs.checksum(header)) + header[12:]
    link = b"\x01\x00\x5e\x00\x00\x12" + speaker.mac + struct.pack(">HHH", 0x8100, speaker.vlan, 0x0800)
    return link + header + ah + message


KINDS = {
    "crowd": crowd,
    "clique": clique,
    "settings": settings,
    "counts": counts,
    "keys": hmac_like,
    "lists": lists,
    "new-lists": many_lists,
    "owners": owners,
    "announcements": announcements,
    "places": places,
    "segments": segments,
    "strangers": strangers,
    "steps": steps,
    "leaps": leaps,
    "silences": silences,
    "carp": lambda count: forms(count, carp),
    "malformed": lambda count: forms(count, malformed),
    "hosts": lambda count: forms(count, hosts),
    "changes": lambda count: inputs.changes(100, count // 200),
    "disagreement": lambda count: inputs.disagreement(100, count // 200),
    "claims": lambda count: inputs.claims(100, count // 100),
}

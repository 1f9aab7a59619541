"""Captures for measuring: the same bytes each time, written as fast as Python can."""

import struct
from collections import deque

START = 1_700_000_000 * 1_000_000  # microseconds
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
RECORD = struct.Struct("<IIII")


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Speaker:
    """A router of a virtual router, whose frames differ in priority and identification alone."""

    def __init__(self, number, position):
        self.identification = 0
        vlan, vrid = 1 + number // 250, 1 + number % 250
        net = bytes([10, number >> 16, number >> 8 & 255, number & 255])
        self.source = bytes([172, 16 + (number >> 16), number >> 8 & 255, (number & 127) << 1 | position])
        mac = b"\x02" + bytes([position]) + struct.pack(">I", number)
        self.link = b"\x01\x00\x5e\x00\x00\x12" + mac + struct.pack(">HHH", 0x8100, vlan, 0x0800)
        self.vrid, self.addresses = vrid, net
        self.messages = {}

    def message(self, priority):
        if priority not in self.messages:
            message = struct.pack(">BBBBBBH", 0x21, self.vrid, priority, 1, 0, 1, 0) + self.addresses + bytes(8)
            message = message[:6] + struct.pack(">H", checksum(message)) + message[8:]
            header = struct.pack(">BBHHHBBH", 0x45, 0xC0, 40, 0, 0, 255, 112, 0) + self.source + b"\xe0\x00\x00\x12"
            self.messages[priority] = (message, ~checksum(header) & 0xFFFF)
        return self.messages[priority]

    def frame(self, priority):
        message, total = self.message(priority)
        self.identification = self.identification % 0xFFFF + 1
        total += self.identification
        total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
        header = struct.pack(">BBHHHBBH", 0x45, 0xC0, 40, self.identification, 0, 255, 112, total)
        return self.link + header + self.source + b"\xe0\x00\x00\x12" + message


def record(instant, frame):
    return RECORD.pack(instant // 1_000_000, instant % 1_000_000, len(frame), len(frame)) + frame


def write(path, records):
    with open(path, "wb", buffering=1 << 22) as file:
        file.write(HEADER)
        for data in records:
            file.write(data)


def adverts(count, virtual_routers, failover=200):
    """Each virtual router's master advertises once a second; every `failover` adverts one hands over by resigning."""
    speakers = [(Speaker(number, 0), Speaker(number, 1)) for number in range(virtual_routers)]
    masters = [0] * virtual_routers
    # The first advertisements of new masters, which come when others had their turn.
    delayed = deque()
    second = number = 0
    for written in range(count):
        if number == virtual_routers:
            second, number = second + 1, 0
        instant = START + second * 1_000_000 + number * 1_000_000 // virtual_routers
        if delayed and delayed[0][0] <= instant:
            instant, position = delayed.popleft()
        else:
            position, number = number, number + 1
        if failover and written % failover == failover - 1:
            yield record(instant, speakers[position][masters[position]].frame(0))
            masters[position] ^= 1
            delayed.append((instant + 3000, position))
        else:
            master = masters[position]
            yield record(instant, speakers[position][master].frame(100 - 10 * master))


def later(data, microseconds):
    """A record as a capture of another place has it."""
    seconds, fraction, count, length = RECORD.unpack_from(data)
    return record(seconds * 1_000_000 + fraction + microseconds, data[RECORD.size :])


def instant(data):
    return RECORD.unpack_from(data)[:2]


def ring(folder, name, records, files):
    """The files of a ring, of equal length, as `tcpdump -C` and dumpcap number them."""
    folder.mkdir(exist_ok=True)
    for number in range(files):
        part = records[len(records) * number // files : len(records) * (number + 1) // files]
        write(folder / f"{name}_{number:05}.pcap", part)


def both_speak(virtual_routers, rounds=2):
    """Both routers of each virtual router have advertised."""
    speakers = [(Speaker(number, 0), Speaker(number, 1)) for number in range(virtual_routers)]
    for turn in range(rounds):
        for number, pair in enumerate(speakers):
            instant = START + turn * 4_000_000 + number * 1_000_000 // virtual_routers
            yield record(instant, pair[turn % 2].frame(100 + 50 * (turn % 2)))


def tcp(length):
    ip = struct.pack(">BBHHHBBH", 0x45, 0, length - 14, 1, 0, 64, 6, 0) + b"\x0a\x01\x01\x01\x0a\x01\x01\x02"
    frame = b"\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00" + ip + b"\x00\x50\x1f\x90"
    return frame + bytes(length - len(frame))


def mixed(size, share=200):
    """64, 576 and 1500 bytes of TCP in turn, and one advert of 50 VRIDs in `share` frames; `None` for none."""
    frames = [tcp(64), tcp(576), tcp(1500)]
    speakers = [Speaker(number, 0) for number in range(50)]
    written = number = 0
    while written < size:
        number += 1
        # Each VRID is heard once a second.
        instant = START + number * (1_000_000 // (50 * (share or 200)))
        is_advert = share and number % share == 0
        frame = speakers[number // share % 50].frame(100) if is_advert else frames[number % 3]
        data = record(instant, frame)
        written += len(data)
        yield data


def irrelevant(count):
    frame = tcp(576)
    for number in range(count):
        yield record(START + number * 100, frame)


def arp(mac, address, vlan):
    """A gratuitous ARP request: the claim of an address."""
    link = b"\xff" * 6 + mac + struct.pack(">HHH", 0x8100, vlan, 0x0806)
    return link + struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + mac + address + bytes(6) + address


class Changeable:
    """A router each of whose frames may say something else than the one before."""

    def __init__(self, number, position):
        self.vlan, self.vrid = 1 + number // 250, 1 + number % 250
        self.source = bytes([172, 16 + (number >> 10), number >> 2 & 255, (number & 3) << 6 | position])
        self.mac = b"\x02" + bytes([position]) + struct.pack(">I", number)
        self.identification = position * 700

    def frame(self, priority, addresses, interval=1, password=bytes(8), ttl=255):
        self.identification = (self.identification + 1) & 0xFFFF
        has_password = any(password)
        message = struct.pack(">BBBBBBH", 0x21, self.vrid, priority, len(addresses), has_password, interval, 0)
        message += b"".join(addresses)
        # The password is no part of the sum, and is even where there is one.
        message = message[:6] + struct.pack(">H", checksum(message + password)) + message[8:] + password
        length = 20 + len(message)
        header = struct.pack(">BBHHHBBH", 0x45, 0xC0, length, self.identification, 0, ttl, 112, 0)
        header += self.source + b"\xe0\x00\x00\x12"
        header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
        link = b"\x01\x00\x5e\x00\x00\x12" + self.mac + struct.pack(">HHH", 0x8100, self.vlan, 0x0800)
        return link + header + message


def address(number, index=0):
    return bytes([10, number >> 10, number >> 2 & 255, (number & 3) << 6 | index])


def crowd(virtual_routers, routers, rounds):
    """All routers of each virtual router are master at once, a second after the other."""
    speakers = [[Changeable(number, position) for position in range(routers)] for number in range(virtual_routers)]
    for turn in range(rounds):
        for number, members in enumerate(speakers):
            instant = START + turn * 1_000_000 + number * 900_000 // virtual_routers
            for position, speaker in enumerate(members):
                yield record(instant + 20 * position, speaker.frame(100 + position, [address(number)]))


def turns(virtual_routers, rounds, period=1_000_000):
    """Yields (turn, number, two routers, instant): in each turn it is every virtual router's, one after the other within the period."""
    speakers = [(Changeable(number, 0), Changeable(number, 1)) for number in range(virtual_routers)]
    for turn in range(rounds):
        for number, pair in enumerate(speakers):
            yield turn, number, pair, START + turn * period + number * (period - 100_000) // virtual_routers


def disagreement(virtual_routers, rounds):
    """Two routers of each virtual router differ in all settings, change them, and resign and come back in turn."""
    for turn, number, pair, instant in turns(virtual_routers, rounds):
        for position, speaker in enumerate(pair):
            addresses = [address(number, index) for index in range(1 + position + turn % 2)]
            password = struct.pack(">Q", 1 + number * 2 + position + turn // 4)
            priority = (0, 100, 150)[(turn // 2 + position) % 3]
            frame = speaker.frame(priority, addresses, 1 + position, password, 255 - position)
            yield record(instant + 10 * position, frame)


def changes(virtual_routers, rounds):
    """Two routers of each virtual router change priority, address, interval and password with each frame."""
    for turn, number, pair, instant in turns(virtual_routers, rounds):
        for position, speaker in enumerate(pair):
            step = turn * 31 + number * 7 + position * 13
            password = struct.pack(">Q", 1 + step % 997)
            frame = speaker.frame(1 + step % 254, [address(number, step % 9)], 1 + step % 9, password)
            yield record(instant + 10 * position, frame)


def handovers(virtual_routers, rounds):
    """Two routers of each virtual router hand over to each other every other second."""
    for turn, number, pair, instant in turns(virtual_routers, rounds, 2_000_000):
        speaker = pair[turn % 2]
        yield record(instant, speaker.frame(100, [address(number)]))
        yield record(instant + 100, speaker.frame(0, [address(number)]))


def claims(virtual_routers, hosts):
    """Ever new hosts claim the addresses of virtual routers that have a master."""
    for turn in range(3):
        for number in range(virtual_routers):
            frame = Changeable(number, 0).frame(100, [address(number)])
            yield record(START + turn * 1_000_000 + number * 300_000 // virtual_routers, frame)
    instant = START + 3_000_000
    for host in range(hosts):
        for number in range(virtual_routers):
            instant += 10
            mac = b"\x02\x99" + struct.pack(">I", host * virtual_routers + number)
            yield record(instant, arp(mac, address(number), 1 + number // 250))

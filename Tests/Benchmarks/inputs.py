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

"""Sends VRRPv3 advertisements of many masters at an even pace, and prints how many were sent: at each hundredth, and at the end.

    sender.py INTERFACE RATE SECONDS [MASTERS | random | soak | ATTACK]

With MASTERS (1000 by default), each sends RATE / MASTERS a second and says so in its interval. With `random`, VRID, VLAN,
source and addresses of each packet are invented. With `soak`, 2000 virtual routers live through STORIES again and again. With
an attack, forged packets are about VRID 51, its routers 10.51.0.1 and 10.51.0.2 and its address 10.51.0.100: ATTACKS lists them.
It ends by itself; at most ten minutes.
"""

import ctypes
import math
import random
import socket
import struct
import sys
import time

BATCH = 250

# A multiple of BATCH, so that each speaks at the same place of a batch, and thus in time.
SOAKED = 2000
# What the two routers of a virtual router do, interval by interval: a capital advertises, a small letter resigns, ! is the first
# with a wrong checksum, = is both at once, . is silence. The second story is silent when the third has two frames, so that each
# interval has SOAKED frames.
STORIES = [
    "AaBb",
    14 * "A" + 10 * "." + 14 * "B" + 10 * ".",
    14 * "A" + 10 * "=",
    11 * "A" + "!",
] + 12 * ["A"]


class IOVec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32), ("vectors", ctypes.POINTER(IOVec)),
        ("vector_count", ctypes.c_size_t), ("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class Message(ctypes.Structure):
    _fields_ = [("header", Header), ("length", ctypes.c_uint32)]


def checksum(data):
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(vlan, vrid, source, priority, centiseconds, address, error=0):
    message = struct.pack(">BBBBHH", 0x31, vrid, priority, 1, centiseconds, 0) + struct.pack(">I", address)
    message = message[:6] + struct.pack(">H", checksum(message) ^ error) + message[8:]
    ip = struct.pack(">BBHHHBBHII", 0x45, 0xC0, 20 + len(message), 0, 0, 255, 112, 0, source, 0xE0000012)
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    link = b"\x01\x00\x5e\x00\x00\x12" + b"\x00\x00\x5e\x00\x01" + bytes([vrid])
    return link + struct.pack(">HHH", 0x8100, vlan, 0x0800) + ip + message


def forged(source, priority=100, seconds=1, addresses=(0x0A330064,), mac=b"\x02\xbd\0\0\0\1"):
    """An untagged VRRPv2 advertisement of VRID 51, from somebody else's hardware."""
    message = struct.pack(">BBBBBBH", 0x21, 51, priority, len(addresses), 0, seconds, 0)
    message += b"".join(struct.pack(">I", address) for address in addresses) + bytes(8)
    message = message[:6] + struct.pack(">H", checksum(message)) + message[8:]
    ip = struct.pack(">BBHHHBBHII", 0x45, 0xC0, 20 + len(message), 0, 0, 255, 112, 0, source, 0xE0000012)
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    return b"\x01\x00\x5e\x00\x00\x12" + mac + struct.pack(">H", 0x0800) + ip + message


def claim(address, mac):
    """An ARP announcement."""
    arp = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + mac + struct.pack(">I", address) + bytes(6) + struct.pack(">I", address)
    return b"\xff" * 6 + mac + struct.pack(">H", 0x0806) + arp + bytes(18)


FORGED = 20_000
ROUTERS = [0x0A330001, 0x0A330002]


def hardware(number):
    return b"\x02\xbd" + struct.pack(">I", number)


# What somebody on the segment sends to blind those who watch it: number to frame.
ATTACKS = {
    "sources": lambda n: forged(0x0A340000 + n, 50),
    "resignations": lambda n: forged(ROUTERS[n % 2] if n % 3 else 0x0A340000 + n, 0),
    "intervals": lambda n: forged(ROUTERS[n % 2], 100, 255),
    "claims": lambda n: claim(0x0A330064, hardware(n)),
    "addresses": lambda n: forged(0x0A340000 + n % 64, 100, 1, [0x0A350000 + 64 * n + k for k in range(64)]),
}


def messages(frames):
    """An array for sendmmsg(2), and what must live as long."""
    array = (Message * len(frames))()
    buffers, vectors = [], (IOVec * len(frames))()
    for index, data in enumerate(frames):
        buffer = ctypes.create_string_buffer(data, len(data))
        buffers.append(buffer)
        vectors[index] = IOVec(ctypes.addressof(buffer), len(data))
        array[index].header.vectors = ctypes.pointer(vectors[index])
        array[index].header.vector_count = 1
    return array, (buffers, vectors)


def invented():
    invent = random.Random(1)
    return [
        frame(invent.randrange(1, 4095), invent.randrange(1, 256), invent.getrandbits(32), invent.randrange(1, 255),
              100, invent.getrandbits(32))
        for _ in range(400_000)
    ]


def interval(masters, rate):
    """In centiseconds, as VRRPv3 says it."""
    return max(1, min(4095, round(100 * masters / rate)))


def steady(masters, rate):
    return [frame(1 + n // 250, 1 + n % 250, 0x0A000001 + n, 100, interval(masters, rate), 0x0A630000 + n)
            for n in range(masters)]


def soaked(rate):
    """All stories until they begin again together, each virtual router's at another place."""
    def says(n, router, priority, error=0):
        return frame(1 + n // 250, 1 + n % 250, 0x0A000000 + 2 * n + router, priority, interval(SOAKED, rate),
                     0x0A630000 + n, error)

    words = [
        {"A": [says(n, 1, 200)], "a": [says(n, 1, 0)], "B": [says(n, 2, 100)], "b": [says(n, 2, 0)],
         "!": [says(n, 1, 200, error=1)], "=": [says(n, 1, 200), says(n, 2, 100)], ".": []}
        for n in range(SOAKED)
    ]
    frames = []
    for turn in range(math.lcm(*map(len, STORIES))):
        for n in range(SOAKED):
            story, begun = STORIES[n % len(STORIES)], n // len(STORIES)
            frames += words[n][story[(begun + turn) % len(story)]]
    return frames


def main():
    name, rate, seconds = sys.argv[1], int(sys.argv[2]), min(float(sys.argv[3]), 600)
    mode = sys.argv[4] if len(sys.argv) > 4 else "1000"
    if mode in ATTACKS:
        frames = [ATTACKS[mode](number) for number in range(FORGED)]
    else:
        frames = invented() if mode == "random" else soaked(rate) if mode == "soak" else steady(int(mode), rate)
    batches = [messages(frames[start:start + BATCH]) for start in range(0, len(frames), BATCH)]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((name, 0))
        sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
        total, sent, start, turn, hundredths = int(rate * seconds), 0, time.monotonic(), 0, 0
        while sent < total:
            elapsed = time.monotonic() - start
            if mode in ATTACKS and elapsed > seconds:
                break
            if sent / rate > elapsed:
                time.sleep(sent / rate - elapsed)
            array, _ = batches[turn % len(batches)]
            turn += 1
            wanted, done = min(len(array), total - sent), 0
            while done < wanted:
                address = ctypes.byref(array, done * ctypes.sizeof(Message))
                result = sendmmsg(sock.fileno(), address, wanted - done, 0)
                if result > 0:
                    done += result
            sent += done
            if 100 * sent // total > hundredths:
                hundredths = 100 * sent // total
                print(f"{hundredths}/100: {sent}", flush=True)
        elapsed = time.monotonic() - start
        print(f"{sent} in {elapsed:.2f} s, {sent / elapsed:.0f} a second")


main()

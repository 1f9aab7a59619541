"""Sends VRRPv3 advertisements of many masters at an even pace, and prints how many were sent.

    sender.py INTERFACE RATE SECONDS [MASTERS | random]

With MASTERS (1000 by default), each sends RATE / MASTERS a second and says so in its interval. With `random`, VRID, VLAN,
source and addresses of each packet are invented. It ends by itself; at most ten minutes.
"""

import ctypes
import random
import socket
import struct
import sys
import time

BATCH = 256


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


def frame(vlan, vrid, source, priority, centiseconds, address):
    message = struct.pack(">BBBBHH", 0x31, vrid, priority, 1, centiseconds, 0) + struct.pack(">I", address)
    message = message[:6] + struct.pack(">H", checksum(message)) + message[8:]
    ip = struct.pack(">BBHHHBBHII", 0x45, 0xC0, 20 + len(message), 0, 0, 255, 112, 0, source, 0xE0000012)
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    link = b"\x01\x00\x5e\x00\x00\x12" + b"\x00\x00\x5e\x00\x01" + bytes([vrid])
    return link + struct.pack(">HHH", 0x8100, vlan, 0x0800) + ip + message


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


def main():
    interface, rate, seconds = sys.argv[1], int(sys.argv[2]), min(float(sys.argv[3]), 600)
    mode = sys.argv[4] if len(sys.argv) > 4 else "1000"
    if mode == "random":
        invent = random.Random(1)
        frames = [
            frame(invent.randrange(1, 4095), invent.randrange(1, 256), invent.getrandbits(32), invent.randrange(1, 255),
                  100, invent.getrandbits(32))
            for _ in range(400_000)
        ]
    else:
        count = int(mode)
        centiseconds = max(1, min(4095, round(100 * count / rate)))
        frames = [frame(1 + n // 250, 1 + n % 250, 0x0A000001 + n, 100, centiseconds, 0x0A630000 + n)
                  for n in range(count)]
    batches = [messages(frames[start:start + BATCH]) for start in range(0, len(frames), BATCH)]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((interface, 0))
        sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
        total, sent, start, turn = int(rate * seconds), 0, time.monotonic(), 0
        while sent < total:
            ahead = sent / rate - (time.monotonic() - start)
            if ahead > 0:
                time.sleep(ahead)
            array, _ = batches[turn % len(batches)]
            turn += 1
            wanted, done = min(len(array), total - sent), 0
            while done < wanted:
                address = ctypes.byref(array, done * ctypes.sizeof(Message))
                result = sendmmsg(sock.fileno(), address, wanted - done, 0)
                if result > 0:
                    done += result
            sent += done
        elapsed = time.monotonic() - start
        print(f"{sent} in {elapsed:.2f} s, {sent / elapsed:.0f} a second")


main()

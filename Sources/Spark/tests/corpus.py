"""Captures of three sites: two routers of a cut segment, a ring whose crash falls between two files, and damaged files."""

import pathlib
import random
import shutil
import struct

RECORDINGS = pathlib.Path(__file__).resolve().parents[3] / "Fixtures" / "Captures"


def ring(source, folder, name, count):
    """Write a pcap file as a ring of files; return the number of packets before each, by its path, in order."""
    content = source.read_bytes()
    records, place = [], 24
    while place < len(content):
        length = 16 + struct.unpack_from("<I", content, place + 8)[0]
        records.append(content[place : place + length])
        place += length
    folder.mkdir(parents=True, exist_ok=True)
    before = {}
    for number in range(count):
        start = len(records) * number // count
        part = records[start : len(records) * (number + 1) // count]
        path = folder / f"{name}.pcap{number or ''}"
        path.write_bytes(content[:24] + b"".join(part))
        before[str(path)] = start
    return before


def windows(recordings, folder, seed):
    """Write each recording of one point as a ring of two to nine files, in a folder of its own below another.

    Returns by the name of the recording its file, and the number of packets before each file of the ring.
    """
    generator = random.Random(seed)
    made = {}
    for path in sorted(recordings.glob("*/capture.pcap")):
        if path.read_bytes()[:4] == b"\xd4\xc3\xb2\xa1":
            made[path.parent.name] = path, ring(path, folder / path.parent.name, "ring", generator.randrange(2, 10))
    return made


def make(folder):
    """Write the captures below a folder, each site's in a folder of its own."""
    folder = pathlib.Path(folder)
    for name in ("r1", "r2"):
        (folder / "berlin").mkdir(parents=True, exist_ok=True)
        shutil.copy(RECORDINGS / "two-way-partition" / f"{name}.pcap", folder / "berlin" / f"{name}.pcap")
    ring(RECORDINGS / "crash-failover" / "capture.pcap", folder / "paris", "ring", 4)
    whole = (RECORDINGS / "auth-mismatch" / "capture.pcap").read_bytes()
    (folder / "rome").mkdir()
    (folder / "rome" / "cut.pcap").write_bytes(whole[:-7])
    (folder / "rome" / "empty.pcap").write_bytes(b"")
    (folder / "rome" / "notes.pcap").write_text("This is no capture.\n")

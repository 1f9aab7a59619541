"""The captures of a fleet of forty sensors, of any size: `fleet.py FOLDER GIGABYTES FILES`.

Each sensor has a ring of files with much that is not VRRP, and two routers on each of its segments. Ten sensors are pairs on a
segment that is cut between them, so that only both together show two masters. Some files are damaged, and some are no captures.
"""

import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Tests" / "Benchmarks"))
import inputs

SENSORS = 40
# The sensors that see a cut segment, two and two.
CUT = 10
# The virtual routers of each sensor. With the traffic beside them, their advertisements are 0.5 % of the bytes.
VIRTUAL_ROUTERS = 64
# The bytes of a packet that is none of ours, and the number of those in a second.
OTHER_BYTES, OTHERS = 1016, 1000


def _others():
    """A second of packets between hosts, without its time."""
    frame = b"\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00"
    frame += struct.pack(">BBHHHBBH4s4s", 0x45, 0, OTHER_BYTES - 14, 1, 0, 64, 17, 0, bytes([10, 9, 0, 1]), bytes([10, 9, 0, 2]))
    frame += struct.pack(">HHHH", 5000, 5001, OTHER_BYTES - 34, 0) + bytes(range(256)) * 4
    block = bytearray()
    for number in range(OTHERS):
        # The first two milliseconds are the routers'.
        block += inputs.RECORD.pack(0, 2000 + number * 990, OTHER_BYTES, OTHER_BYTES) + frame[:OTHER_BYTES]
    return block


def seconds_of(sensor):
    """For each second, without end, the advertisements that a sensor sees, the earliest first."""
    position = sensor % 2 if sensor < CUT else None
    speakers = [(inputs.Speaker(number, 0), inputs.Speaker(number, 1)) for number in range(VIRTUAL_ROUTERS)]
    masters = [position or 0] * VIRTUAL_ROUTERS
    second = 0
    while True:
        records = []
        for number in range(VIRTUAL_ROUTERS):
            instant = inputs.START + second * 1_000_000 + number * 20
            master = masters[number]
            if position is None and number == second % 251:
                # The master resigns, and the other takes over at once.
                records.append((instant, speakers[number][master].frame(0)))
                masters[number] = master = 1 - master
                instant += 1500
            records.append((instant, speakers[number][master].frame(100 - 10 * master)))
        yield [inputs.record(*item) for item in sorted(records)]
        second += 1


def segments():
    """The file of segments: the cut ones are seen by two sensors each."""
    return "".join(f'sensor-{sensor:02}/*/vlan1 = "cut-{sensor // 2}"\n' for sensor in range(CUT))


def make(folder, size, count):
    """Write captures of so many bytes together as so many files, and return the folders of the sensors."""
    folder = pathlib.Path(folder)
    others = _others()
    stride = 16 + OTHER_BYTES
    each = max(1, count // SENSORS)
    seconds = max(2, round(size / count / (stride * OTHERS)))
    made = []
    for sensor in range(SENSORS):
        place = folder / f"sensor-{sensor:02}"
        place.mkdir(parents=True)
        made.append(place)
        told = seconds_of(sensor)
        instant = inputs.START // 1_000_000
        for number in range(each):
            with open(place / f"ring.pcap{number or ''}", "wb", buffering=1 << 22) as file:
                file.write(inputs.HEADER)
                for _ in range(seconds):
                    file.write(b"".join(next(told)))
                    for place_of_byte in range(4):
                        others[place_of_byte::stride] = bytes([instant >> 8 * place_of_byte & 255]) * OTHERS
                    file.write(others)
                    instant += 1
        _damage(place, sensor)
    return made


def _damage(place, sensor):
    """Damage the last file of some sensors, and put files beside it that are no captures."""
    last = sorted(place.glob("ring.pcap*"), key=lambda path: (len(path.name), path.name))[-1]
    if sensor % 8 == 5:
        with open(last, "r+b") as file:
            file.truncate(last.stat().st_size - 7)
    elif sensor % 8 == 6:
        with open(last, "r+b") as file:
            file.seek(last.stat().st_size // 2)
            file.write(bytes(5000))
    elif sensor % 8 == 7:
        (place / "notes.pcap").write_text("This is no capture.\n")
        (place / "empty.pcap").write_bytes(b"")


if __name__ == "__main__":
    where, gigabytes, files = sys.argv[1:]
    make(where, float(gigabytes) * 1e9, int(files))
    pathlib.Path(where, "segments.conf").write_text(segments())

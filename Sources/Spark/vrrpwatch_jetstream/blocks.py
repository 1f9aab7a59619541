"""pcapng as blocks (draft-ietf-opsawg-pcapng), and the pieces of a sensor's stream.

A piece is a section of pcapng by itself: the header of the section, the interfaces that were described so far, and some
blocks. Header and interfaces are the piece's head. A reader that has the piece in front leaves the head out, and so gets the
stream as the sensor wrote it; after a hole the head says which packet comes next, by which vrrpwatch knows what is missing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SECTION, INTERFACE, STATISTICS = 0x0A0D0D0A, 1, 5
_PACKETS = (2, 3, 6)
_COMMENT = 1
# The most bytes of a block; vrrpwatch reads no larger ones.
_MOST = 16 << 20
# The most bytes of a piece behind its head. Servers take messages of 1 MiB, and a packet has at most 256 KiB.
PIECE_BYTES = 256 << 10
_SENSOR = re.compile(r"vrrpwatch: sensor ([A-Za-z0-9._-]{1,255}), boot ([0-9a-f]{1,32}), from packet (\d{1,19})")
_HEARTBEAT = re.compile(r"vrrpwatch: heartbeat \d+ after (\d{1,19}) packets")


class StreamError(ValueError):
    """A stream that is no pcapng of a sensor; the message says what is wrong and at which byte."""


@dataclass(frozen=True)
class Block:
    """A whole block; ``kind`` is its type, ``order`` the byte order of its section for ``struct``."""

    kind: int
    content: bytes
    order: str

    def options(self, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield code and value of each option; ``start`` is where the options begin in the block."""
        place, end = start, len(self.content) - 4
        while place + 4 <= end:
            code, length = struct.unpack_from(f"{self.order}HH", self.content, place)
            if code == 0 or place + 4 + length > end:
                return
            yield code, self.content[place + 4 : place + 4 + length]
            place += 4 + (length + 3) // 4 * 4


class BlockReader:
    """Makes blocks of bytes that come in any portions."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._offset = 0
        self._order = ""

    def feed(self, more: bytes) -> Iterator[Block]:
        """Yield the blocks that are whole by now; raises ``StreamError`` where the bytes are no pcapng."""
        self._bytes += more
        while len(self._bytes) >= 12:
            block = self._first()
            if block is None:
                return
            del self._bytes[: len(block.content)]
            self._offset += len(block.content)
            yield block

    def end(self) -> None:
        """Say that no bytes come any more; raises ``StreamError`` where a block is not whole."""
        if self._bytes:
            raise StreamError(f"the stream ends inside the block at byte {self._offset}: {len(self._bytes)} bytes of it are there")

    def _first(self) -> Block | None:
        if self._bytes[:4] == b"\x0a\x0d\x0d\x0a":
            self._order = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}.get(bytes(self._bytes[8:12]), "")
        if not self._order:
            raise StreamError(f"no section of pcapng begins at byte {self._offset}; publish what 'vrrpwatch watch -w -' writes")
        kind, length = struct.unpack_from(f"{self._order}II", self._bytes)
        if not 12 <= length <= _MOST or length % 4:
            raise StreamError(f"the block at byte {self._offset} claims {length} bytes")
        if len(self._bytes) < length:
            return None
        content = bytes(self._bytes[:length])
        if struct.unpack_from(f"{self._order}I", content, length - 4)[0] != length:
            raise StreamError(f"the block at byte {self._offset} claims another length at its end than at its start")
        return Block(kind, content, self._order)


@dataclass(frozen=True)
class Piece:
    """A part of a sensor's stream.

    ``sequence`` counts the pieces of a boot from 1. ``content`` is a section of pcapng, of which the first ``head`` bytes
    repeat what earlier pieces said; 0 where the piece begins a section of the sensor's own.
    """

    sensor: str
    boot: str
    sequence: int
    head: int
    content: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The identity by which a server knows a repetition."""
        return f"{self.sensor}/{self.boot}/{self.sequence}"

    @property
    def body(self) -> bytes:
        """What follows the piece in front without a seam."""
        return self.content[self.head :]


class PieceMaker:
    """Cuts the stream of one sensor into pieces."""

    def __init__(self) -> None:
        self.sensor = ""
        self._boot = ""
        self._sequence = 0
        self._header: Block | None = None
        self._interfaces: list[bytes] = []
        self._packets = 0
        self._begun = 0
        self._described = 0
        self._begins_section = False
        self._body = bytearray()

    def take(self, block: Block) -> Piece | None:
        """Take the next block, and return a piece where one is complete; raises ``StreamError`` for a stream of no sensor."""
        done = None
        if block.kind == SECTION:
            done = self.cut()
            self._begin(block)
            return done
        if self._header is None:
            raise StreamError("the stream begins with no section; publish what 'vrrpwatch watch -w -' writes")
        if len(self._body) + len(block.content) > PIECE_BYTES:
            done = self.cut()
        if not self._body:
            self._begun, self._described = self._packets, len(self._interfaces)
        self._body += block.content
        if block.kind == INTERFACE:
            self._interfaces.append(block.content)
        elif block.kind in _PACKETS:
            self._packets += 1
        elif block.kind == STATISTICS:
            # A packet that could not be written is counted by the sensor alone.
            for code, value in block.options(20):
                if code == _COMMENT and (match := _HEARTBEAT.fullmatch(value.decode("utf-8", "replace"))):
                    self._packets = int(match[1])
        return done

    def _begin(self, block: Block) -> None:
        comments = [value.decode("utf-8", "replace") for code, value in block.options(24) if code == _COMMENT]
        found = next((match for match in map(_SENSOR.fullmatch, comments) if match), None)
        if found is None:
            raise StreamError("a section names no sensor; publish what 'vrrpwatch watch -w -' writes")
        if self.sensor not in ("", found[1]):
            raise StreamError(f"the stream is of sensor {self.sensor} and goes on with {found[1]}; publish each by itself")
        if found[2] != self._boot:
            self._sequence = 0
        self.sensor, self._boot, self._packets = found[1], found[2], int(found[3])
        self._header, self._interfaces, self._begins_section = block, [], True

    def cut(self) -> Piece | None:
        """Return all that was taken since the last piece as a piece; ``None`` where that is nothing."""
        if self._header is None or not (self._body or self._begins_section):
            return None
        if self._begins_section:
            head, first = 0, self._header.content
        else:
            first = _positioned(self._header, self._begun) + b"".join(self._interfaces[: self._described])
            head = len(first)
        self._sequence += 1
        piece = Piece(self.sensor, self._boot, self._sequence, head, first + bytes(self._body))
        self._body.clear()
        self._begins_section = False
        return piece


def _positioned(header: Block, packets: int) -> bytes:
    """The header of a section, of which the first packet has another number."""
    options = b""
    for code, value in header.options(24):
        text = value
        if code == _COMMENT and (match := _SENSOR.fullmatch(value.decode("utf-8", "replace"))):
            text = f"vrrpwatch: sensor {match[1]}, boot {match[2]}, from packet {packets}".encode()
        options += struct.pack(f"{header.order}HH", code, len(text)) + text + bytes(-len(text) % 4)
    options += bytes(4)
    length = 28 + len(options)
    start = struct.pack(f"{header.order}II", SECTION, length) + header.content[8:16] + b"\xff" * 8
    return start + options + struct.pack(f"{header.order}I", length)

"""The pieces that a server has not taken yet, each in a file, so that they survive the publisher and an absent server."""

from __future__ import annotations

import json
import os
from pathlib import Path

from vrrpwatch_jetstream.blocks import Piece


class Spool:
    """A folder of pieces in the order in which they came.

    Holds ``most`` bytes at the most: the oldest piece makes room for a new one, and is a hole that readers know. One process
    uses a folder at a time.
    """

    def __init__(self, folder: Path, most: int) -> None:
        """Open a folder, which is made where there is none; raises ``OSError`` where that cannot be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._most = most
        for unfinished in folder.glob("*.tmp"):
            unfinished.unlink()
        self._sizes = {path.name: path.stat().st_size for path in sorted(folder.glob("*.piece"))}
        self._next = max((int(name.split(".")[0]) for name in self._sizes), default=0) + 1
        self._size = sum(self._sizes.values())
        self.left_out = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def put(self, piece: Piece) -> None:
        """Add a piece behind all others; raises ``OSError`` where the disk is full."""
        account = {"sensor": piece.sensor, "boot": piece.boot, "sequence": piece.sequence, "head": piece.head}
        content = json.dumps(account).encode() + b"\n" + piece.content
        while self._sizes and self._size + len(content) > self._most:
            self.remove(next(iter(self._sizes)))
            self.left_out += 1
        name = f"{self._next:016}.piece"
        self._next += 1
        unfinished = self._folder / f"{name}.tmp"
        unfinished.write_bytes(content)
        os.replace(unfinished, self._folder / name)
        self._sizes[name] = len(content)
        self._size += len(content)

    def first(self) -> tuple[str, Piece] | None:
        """Return the oldest piece and the name by which to remove it; ``None`` where there is none."""
        name = next(iter(self._sizes), None)
        if name is None:
            return None
        account, _, content = (self._folder / name).read_bytes().partition(b"\n")
        said = json.loads(account)
        return name, Piece(said["sensor"], said["boot"], said["sequence"], said["head"], content)

    def remove(self, name: str) -> None:
        """Remove a piece that the server has, or that makes room; does nothing where it made room already."""
        if name in self._sizes:
            (self._folder / name).unlink(missing_ok=True)
            self._size -= self._sizes.pop(name)

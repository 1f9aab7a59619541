"""The streams that a reader has stored: a folder with a ring of pcapng files, and how far it goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from vrrpwatch_jetstream.order import Part, Position

_PORTION = 1 << 20


class DamagedStoreError(ValueError):
    """A folder that does not hold what it says that it holds."""


class Store:
    """A sensor's stream on disk, in files of ``most`` bytes at the most, of which the two latest are kept.

    The position is written behind the bytes, so that bytes without a position are those that nobody acknowledged, and are cut
    off. One process uses a folder at a time.
    """

    def __init__(self, folder: Path, most: int) -> None:
        """Open a folder, which is made where there is none.

        Raises ``OSError`` where that cannot be, and ``DamagedStoreError`` where bytes are missing.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._most = most
        self._state = folder / "position.json"
        self._generation, self._size, self.position = 1, 0, Position()
        if self._state.exists():
            said = json.loads(self._state.read_text("utf-8"))
            self._generation, self._size = said["file"], said["bytes"]
            self.position = Position(dict(said["read"]), said["done"])
        for path in folder.glob("*.pcapng"):
            if int(path.stem) not in (self._generation - 1, self._generation):
                path.unlink()
        self._file = open(self._path(self._generation), "ab")  # noqa: SIM115
        if self._file.tell() < self._size:
            raise DamagedStoreError(
                f"{self._file.name} has {self._file.tell()} bytes and should have {self._size}; remove {folder}"
            )
        self._file.truncate(self._size)
        self._file.seek(self._size)

    def _path(self, generation: int) -> Path:
        return self._folder / f"{generation:08}.pcapng"

    def contents(self) -> Iterator[bytes]:
        """Yield all that is stored, in portions."""
        for generation in (self._generation - 1, self._generation):
            if self._path(generation).exists():
                with open(self._path(generation), "rb") as file:
                    while portion := file.read(_PORTION):
                        yield portion

    def append(self, parts: Sequence[Part]) -> None:
        """Store bytes and the position; when this returns, both are on disk. Raises ``OSError`` where the disk is full."""
        if parts:
            content = b"".join(part.body for part in parts)
            if self._size >= self._most:
                self._file.close()
                self._generation, self._size = self._generation + 1, 0
                self._file = open(self._path(self._generation), "wb")  # noqa: SIM115
                content = parts[0].head + content
            self._file.write(content)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._size += len(content)
        state = {
            "file": self._generation,
            "bytes": self._size,
            "read": list(self.position.read.items()),
            "done": self.position.done,
        }
        unfinished = self._state.with_suffix(".tmp")
        with open(unfinished, "w", encoding="utf-8") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, self._state)
        # Only when the position is that of the new file may the one before the last go.
        self._path(self._generation - 2).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

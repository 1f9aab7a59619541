"""The files that must be judged together: those of one sensor, and those of sensors that share a segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_LINE = re.compile(r'^\s*([^/\s#]+)/[^=]+=\s*"([^"]+)"')


def sensor_of(file: str, level: int | None) -> str | None:
    """Return the sensor that a path names by one of its folders, counted from the file upward from 1.

    Signs that no sensor's name has become hyphens. Returns ``None`` where no level was given or the path is too short.
    """
    if not level:
        return None
    folders = PurePosixPath(file.split("://", 1)[-1]).parts[:-1]
    if level > len(folders):
        return None
    name = re.sub(r"[^A-Za-z0-9._-]", "-", folders[-level])[:255]
    return name if name.strip("-/") else None


class Groups:
    """The group of each sensor, by the lines of a file of segments as ``vrrpwatch analyze --segments`` reads it."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._leaders: dict[str, str] = {}
        first_of: dict[str, str] = {}
        for line in lines:
            match = _LINE.match(line)
            if match:
                sensor, segment = match[1], match[2]
                self._join(first_of.setdefault(segment, sensor), sensor)

    def _leader(self, sensor: str) -> str:
        while (above := self._leaders.get(sensor, sensor)) != sensor:
            sensor = above
        return sensor

    def _join(self, one: str, other: str) -> None:
        first, second = sorted((self._leader(one), self._leader(other)))
        # The least name leads, so that a group has one name whatever the order of the lines is.
        self._leaders[second] = first

    def of(self, sensor: str | None) -> str:
        """Return the name of a sensor's group; files of no sensor are one group with an empty name."""
        return self._leader(sensor) if sensor else ""

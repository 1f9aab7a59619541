"""A server of NATS with JetStream on loopback, which can be killed and started again with what it had stored."""

import json
import os
import pathlib
import signal
import socket
import subprocess


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """A process of its own, with its storage below a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.port = _free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        """Start the server, and wait until it is ready."""
        words = ["nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "Server is ready" in line:
                break
        else:
            raise RuntimeError(f"nats-server ended before it was ready: {''.join(said)}")
        self._drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)
        self.process.stderr.close()

    def kill(self):
        """Kill the server at once."""
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self._drain.wait()

    def positions(self, store):
        """The position that a store has on disk; ``None`` for none."""
        path = pathlib.Path(store) / "position.json"
        return json.loads(path.read_text()) if path.exists() else None

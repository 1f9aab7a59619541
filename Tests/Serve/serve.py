#!/usr/bin/env python3
"""Tries vrrpwatch-serve from end to end: `serve.py VRRPWATCH-SERVE VRRPWATCH`.

Two routers' recordings of a segment that is cut come through FIFOs, and what is served must be what `vrrpwatch analyze` says of the files.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RECORDING = ROOT / "Fixtures" / "Captures" / "two-way-partition"
SERVE, TOOL = [str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3]]
SEGMENTS = 'r1/*/untagged = "lab"\nr2/*/untagged = "lab"\n'


class Server:
    """A running server of its own port, with the lines of its events."""

    def __init__(self, folder, sensors, *options):
        segments = pathlib.Path(folder, "segments")
        segments.write_text(SEGMENTS)
        words = [word for sensor in sensors for word in ("--sensor", sensor)]
        self.process = subprocess.Popen(
            [SERVE, *words, "--segments", str(segments), "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\n", line)
        if not match:
            self.process.kill()
            raise AssertionError(f"{line!r} {self.process.communicate()}")
        self.port = int(match[1])

    def get(self, path, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, dict(answer.getheaders()), text

    def events(self):
        """The events, from now on until the stream ends."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/events")
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        assert answer.getheader("Content-Type") == "text/event-stream"

        def lines():
            for line in answer:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

        return lines()

    def end(self):
        """Ends the server as systemd does, and returns its status and its messages."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


def feed(path, fifo):
    """Writes a recording into a FIFO, as a sensor on another host would; the FIFO stays open until all is over."""
    data = path.read_bytes()
    stream = open(fifo, "wb")
    stream.write(data)
    stream.flush()
    return stream


class ServeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def fifos(self):
        paths = {}
        for name in ("r1", "r2"):
            paths[name] = os.path.join(self.folder.name, f"{name}.fifo")
            os.mkfifo(paths[name])
        return paths

    def test_a_cut_segment_is_told_as_the_files_say(self):
        paths = self.fifos()
        server = Server(self.folder.name, [f"{name}={path}" for name, path in paths.items()], "--patience", "600")
        self.addCleanup(server.process.kill)
        self.assertEqual(server.get("/healthz")[0], 200)
        self.assertEqual(server.get("/readyz")[0], 503)
        events = server.events()
        streams = []
        feeders = []
        for name, path in paths.items():
            feeders.append(threading.Thread(target=lambda n=name, p=path: streams.append(feed(RECORDING / f"{n}.pcap", p))))
            feeders[-1].start()
        split = next(event for event in events if event["type"] == "finding-opened" and event["finding"]["id"] == "split-brain")
        self.assertEqual(split["segment"], "lab")
        self.assertTrue(split["virtualRouter"].startswith("lab/ipv4/"))
        for feeder in feeders:
            feeder.join()
        self.assertEqual(server.get("/readyz")[0], 200)
        # The streams end, and so the last frames have their time when the server ends.
        files = [f"{name}={RECORDING / name}.pcap" for name in paths]
        analysed = subprocess.run(
            [TOOL, "analyze", "--json", "--segments", os.path.join(self.folder.name, "segments")]
            + [word for file in files for word in ("--at", file)],
            stdout=subprocess.PIPE,
            check=False,
        )
        wanted = json.loads(analysed.stdout)
        changes = [(change["cause"], change["from"], change["to"]) for change in wanted["virtualRouters"][0]["transitions"]]
        # One is judged behind the other, so the report is complete when the last change of the files is in it.
        for _ in range(600):
            status, headers, text = server.get("/api/v1/report")
            self.assertEqual(status, 200)
            report = json.loads(text)
            served = report["virtualRouters"][0]["transitions"] if report["virtualRouters"] else []
            if len(served) >= len(changes):
                break
            next(events)
        self.assertEqual([(change["cause"], change["from"], change["to"]) for change in served], changes)
        self.assertEqual(report["virtualRouters"][0]["id"], wanted["virtualRouters"][0]["id"])
        self.assertEqual(report["schema"], "vrrpwatch.report/1")

        status, headers, page = server.get("/")
        self.assertEqual(status, 200)
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertLess(page.index('id="incidents"'), page.index('id="overview"'))
        self.assertIn("<bdi>r1</bdi>", page)
        self.assertNotIn("<script>", page)
        status, headers, metrics = server.get("/metrics")
        self.assertTrue(headers["Content-Type"].startswith("text/plain; version=0.0.4"))
        self.assertRegex(metrics, r'vrrpwatch_masters\{segment="lab",family="ipv4",vrid="\d+"\} \d')
        self.assertIn('vrrpwatch_sensor_up{sensor="r1"} 1', metrics)
        self.assertEqual(server.get("/nothing")[0], 404)
        self.assertEqual(server.get("/", host="attacker.example")[0], 421)

        rest = []
        reader = threading.Thread(target=lambda: rest.extend(events))
        reader.start()
        status, errors = server.end()
        reader.join(timeout=60)
        self.assertEqual((status, errors), (0, ""))
        self.assertFalse(reader.is_alive(), "the stream of events did not end")
        for stream in streams:
            stream.close()

    def test_a_ring_that_grows_is_followed(self):
        ring = pathlib.Path(self.folder.name, "ring")
        ring.mkdir()
        extract = subprocess.run([TOOL, "extract", "-q", RECORDING / "r1.pcap", "-w", "-"], stdout=subprocess.PIPE, check=True).stdout
        # The first half ends within a block, as a file does that is being written.
        half = len(extract) // 2 + 1
        (ring / "r1.pcapng").write_bytes(extract[:half])
        server = Server(
            self.folder.name, [f"r1={ring}", f"r2=exec:cat {RECORDING / 'r2.pcap'}"], "--patience", "600"
        )
        self.addCleanup(server.process.kill)
        events = server.events()
        next(event for event in events if event["type"] == "router")
        with open(ring / "r1.pcapng", "ab") as file:
            file.write(extract[half:])
        split = next(event for event in events if event["type"] == "finding-opened" and event["finding"]["id"] == "split-brain")
        self.assertEqual(split["segment"], "lab")
        self.assertEqual(server.end()[0], 0)

    def test_a_viewer_that_does_not_read_slows_nobody(self):
        paths = self.fifos()
        server = Server(self.folder.name, [f"{name}={path}" for name, path in paths.items()], "--patience", "600")
        self.addCleanup(server.process.kill)
        idle = socket.create_connection(("127.0.0.1", server.port))
        idle.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        events = server.events()
        streams = []
        feeders = [
            threading.Thread(target=lambda n=name, p=path: streams.append(feed(RECORDING / f"{n}.pcap", p)))
            for name, path in paths.items()
        ]
        for feeder in feeders:
            feeder.start()
        next(event for event in events if event["type"] == "finding-opened")
        self.assertEqual(server.get("/")[0], 200)
        for feeder in feeders:
            feeder.join()
        self.assertEqual(server.end()[0], 0)
        idle.close()

    def test_a_silent_sensor_is_told_and_raises_no_alarm(self):
        paths = self.fifos()
        silent = os.path.join(self.folder.name, "silent.fifo")
        os.mkfifo(silent)
        server = Server(self.folder.name, [f"r1={paths['r1']}", f"silent={silent}"], "--patience", "0.5")
        self.addCleanup(server.process.kill)
        events = server.events()
        streams = []
        feeder = threading.Thread(target=lambda: streams.append(feed(RECORDING / "r1.pcap", paths["r1"])))
        feeder.start()
        lost = next(event for event in events if event["type"] == "sensor-lost")
        self.assertIn(lost["sensor"], ("silent", "r1"))
        feeder.join()
        self.assertIn('vrrpwatch_sensor_up{sensor="silent"} 0', server.get("/metrics")[2])
        self.assertEqual(server.end()[0], 0)

    def test_other_hosts_are_refused_unless_told(self):
        refused = subprocess.run(
            [SERVE, "--sensor", "a=/dev/null", "--listen", "0.0.0.0:0"], stderr=subprocess.PIPE, text=True, check=False
        )
        self.assertEqual(refused.returncode, 64)
        self.assertIn("--listen-anywhere", refused.stderr)

    def test_the_program_is_found_beside_vrrpwatch_or_said_to_be_missing(self):
        folder = pathlib.Path(self.folder.name)
        shutil.copy(TOOL, folder / "vrrpwatch")
        missing = subprocess.run(
            [folder / "vrrpwatch", "serve", "--sensor", "a=/dev/null"],
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": ""},
            check=False,
        )
        self.assertEqual(missing.returncode, 3)
        self.assertIn("vrrpwatch-serve is neither beside vrrpwatch nor in PATH", missing.stderr)
        os.symlink(SERVE, folder / "vrrpwatch-serve")
        found = subprocess.run([folder / "vrrpwatch", "serve"], stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(found.returncode, 64)
        self.assertIn("no sensor given", found.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2, warnings="ignore")

"""The parts of a job that need no Spark."""

import random
import tempfile
import unittest
from pathlib import Path

from vrrpwatch_spark.files import Found, is_capture, is_remote
from vrrpwatch_spark.groups import Groups, sensor_of
from vrrpwatch_spark.index import shown
from vrrpwatch_spark.job import PORTION_BYTES, TASK_BYTES, TASK_FILES, gather, portions, shares
from vrrpwatch_spark.program import Extract


class Parts(unittest.TestCase):
    """Files, groups and words."""

    def test_files_of_rings_and_compressed_ones_are_captures(self):
        for name in ("a.pcap", "a.pcap12", "A.PCAPNG", "a.pcap.gz", "a.pcap3.zst", "dump.cap"):
            self.assertTrue(is_capture(name), name)
        for name in ("notes.txt", "pcap", "a.pcap.txt", "a.gz"):
            self.assertFalse(is_capture(name), name)

    def test_uris_are_told_from_paths(self):
        self.assertTrue(all(map(is_remote, ("s3a://bucket/ring", "hdfs:///ring", "file:/captures/a.pcap"))))
        self.assertFalse(any(map(is_remote, ("/captures/a.pcap", "ring/2026-11-22T10:00/a.pcap", "a:b.pcap"))))

    def test_small_files_share_a_task_and_large_ones_have_their_own(self):
        small = [Found(f"{number:04}", 0) for number in range(TASK_FILES + 1)]
        self.assertEqual([len(share) for share in shares(small, 2)], [TASK_FILES, 1])
        large = [Found("a", TASK_BYTES), Found("b", TASK_BYTES + 1), Found("c", 5)]
        self.assertEqual([len(share) for share in shares(large, 1)], [1, 1, 1])
        self.assertEqual([len(share) for share in shares([Found(str(number), 10) for number in range(8)], 2)], [2, 2, 2, 2])
        self.assertEqual(shares([], 2), [])

    def test_extracts_of_any_size_travel_in_portions(self):
        sizes = [0, 1, PORTION_BYTES - 1, PORTION_BYTES, PORTION_BYTES + 1, 3 * PORTION_BYTES]
        with tempfile.TemporaryDirectory() as folder:
            sent, contents = [], []
            for number, size in enumerate(sizes):
                content = bytes([number + 1]) * size
                path = Path(folder, str(number))
                path.write_bytes(content)
                sent += portions("site", Extract(f"file {number}", first=f"2026-01-0{number + 1}"), path)
                contents += [content] if content else []
            sent += portions("site", Extract("unreadable"), None)
            self.assertLessEqual(max(len(part) for _, (_, part) in sent), PORTION_BYTES)
            random.Random(0).shuffle(sent)
            facts, paths = gather(sorted(sent), tempfile.mkdtemp(dir=folder))
            self.assertEqual([fact.file for fact in facts], [*(f"file {number}" for number in range(6)), "unreadable"])
            self.assertEqual([Path(path).read_bytes() for path in paths], contents)

    def test_a_folder_names_the_sensor(self):
        self.assertEqual(sensor_of("/captures/berlin/eth0/a.pcap", 2), "berlin")
        self.assertEqual(sensor_of("s3a://bucket/site one/a.pcap", 1), "site-one")
        self.assertIsNone(sensor_of("a.pcap", 1))
        self.assertIsNone(sensor_of("/captures/a.pcap", None))

    def test_sensors_that_share_a_segment_are_one_group_in_any_order_of_lines(self):
        lines = ['b/*/untagged = "lan"', 'c/eth0/vlan7 = "dmz"', '# a/x = "dmz"', 'a/eth0 = "lan"', 'c/eth1 = "lan"']
        for given in (lines, lines[::-1]):
            groups = Groups(given)
            self.assertEqual([groups.of(name) for name in ("a", "b", "c", "d", None)], ["a", "a", "a", "d", ""])

    def test_hostile_names_stay_text(self):
        self.assertEqual(shown('<b>"\x1b[2J\u202e'), "&lt;b&gt;&quot;\ufffd[2J\ufffd")


if __name__ == "__main__":
    unittest.main()

"""Makes a running process leave a multicast group, as a lost membership does: leave.py PID GROUP INTERFACE-INDEX.

The process goes on without noticing. Its sockets are borrowed by pidfd_getfd(2), which has no function in Python.
"""

import ctypes
import os
import socket
import struct
import sys

PIDFD_GETFD = 438
libc = ctypes.CDLL(None, use_errno=True)


def family(pid):
    """The process and those that it started."""
    yield pid
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        for child in file.read().split():
            yield from family(int(child))


def leave(pid, request):
    """Leaves the group on every socket of a process that joined it; returns their number."""
    left = 0
    handle = os.pidfd_open(pid)
    for name in os.listdir(f"/proc/{pid}/fd"):
        descriptor = libc.syscall(PIDFD_GETFD, handle, int(name), 0)
        if descriptor < 0:
            continue
        try:
            with socket.socket(fileno=descriptor) as borrowed:
                borrowed.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, request)
                left += 1
        except OSError:
            continue  # no socket, or one that is not in the group
    os.close(handle)
    return left


pid, group, index = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
# struct ip_mreqn of ip(7): the group, no address, the interface.
request = socket.inet_aton(group) + bytes(4) + struct.pack("=i", index)
left = sum(leave(each, request) for each in list(family(pid)))
if left == 0:
    sys.exit(f"no socket of process {pid} had joined {group}")

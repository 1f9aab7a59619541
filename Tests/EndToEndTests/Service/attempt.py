"""Makes a running process try what an attacker in it would try.

    attempt.py PID [ATTEMPT...]

A process of x86-64 is stopped, each call is made by its own instruction for calls to the kernel, with its own rights, and the process
goes on as if nothing had been. Without names all are tried. Prints a line for each attempt: its name, and `done` or the name of the error.
"""
import ctypes
import errno
import os
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
PEEKTEXT, POKEDATA, SINGLESTEP, GETREGS, SETREGS, ATTACH, DETACH = 1, 5, 9, 12, 13, 16, 17
# The places in struct user_regs_struct.
R10, R9, R8, RAX, RDX, RSI, RDI, ORIG_RAX, RIP, RSP = 7, 8, 9, 10, 12, 13, 14, 15, 16, 19
ARGUMENTS = [RDI, RSI, RDX, R10, R8, R9]
HERE = 0xFFFFFF9C  # AT_FDCWD

ATTEMPTS = [
    ("read /etc/shadow", 257, HERE, b"/etc/shadow", 0),
    ("read /etc/passwd", 257, HERE, b"/etc/passwd", 0),
    ("list /root", 257, HERE, b"/root", 0o200000),
    ("read the memory of another process", 257, HERE, b"/proc/1/mem", 0),
    ("write to /tmp", 257, HERE, b"/tmp/vrrpwatch-attempt", 0o102, 0o600),
    ("write to /etc", 257, HERE, b"/etc/vrrpwatch-attempt", 0o102, 0o600),
    ("make a file that runs as its owner", 257, HERE, b"vrrpwatch-attempt", 0o102, 0o4755),
    ("let an open file run as its owner", 91, 1, 0o4755),
    ("open a TCP socket", 41, 2, 1, 0),
    ("open a raw socket", 41, 2, 3, 1),
    ("open a packet socket", 41, 17, 3, 0),
    ("connect", 42, 0, b"\x02\0\0\x16\x7f\0\0\x01", 16),
    ("send", 44, 0, b"x", 1, 0, 0, 0),
    ("trace another process", 101, 16, 1, 0, 0),
    ("read another process", 310, 1, 0, 0, 0, 0, 0),
    ("end another process", 62, os.getpid(), 0),
    ("start a process", 56, 17, 0, 0, 0, 0),
    ("run a program", 59, b"/bin/true", 0, 0),
    ("become root", 105, 0),
    ("become root's group", 106, 0),
    ("have a capability", 126, struct.pack("<II", 0x20080522, 0), struct.pack("<6I", *[1 << 13] * 6)),
    ("mount", 165, b"none", b"/mnt", b"tmpfs", 0, 0),
    ("have a namespace of its own", 272, 0x10000000),
    ("load a program into the kernel", 321, 0, 0, 0),
    ("make a ring of calls", 425, 1, 0),
    ("type into the terminal", 16, 0, 0x5412, b"x"),
    ("set the clock", 227, 0, struct.pack("<qq", 0, 0)),
]


def ptrace(request, pid, address=0, data=0):
    ctypes.set_errno(0)
    result = libc.ptrace(request, pid, address, data)
    if result == -1 and ctypes.get_errno():
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def registers(pid):
    values = (ctypes.c_ulonglong * 27)()
    ptrace(GETREGS, pid, 0, ctypes.addressof(values))
    return values


def attempt(pid, before, number, arguments):
    values = (ctypes.c_ulonglong * 27)(*before)
    # Far below what the function that waits has on its stack.
    place = (before[RSP] - 16384) & ~15
    for register, argument in zip(ARGUMENTS, list(arguments) + [0] * (6 - len(arguments))):
        if isinstance(argument, bytes):
            data = argument + bytes(8 - len(argument) % 8)
            for offset in range(0, len(data), 8):
                ptrace(POKEDATA, pid, place + offset, struct.unpack_from("<Q", data, offset)[0])
            argument, place = place, place + len(data) + 64
        values[register] = argument
    values[RAX], values[ORIG_RAX], values[RIP] = number, 2**64 - 1, before[RIP] - 2
    ptrace(SETREGS, pid, 0, ctypes.addressof(values))
    ptrace(SINGLESTEP, pid)
    os.waitpid(pid, 0x40000000)
    return ctypes.c_longlong(registers(pid)[RAX]).value


def main():
    pid = int(sys.argv[1])
    ptrace(ATTACH, pid)
    os.waitpid(pid, 0x40000000)
    before = registers(pid)
    if ptrace(PEEKTEXT, pid, before[RIP] - 2) & 0xFFFF != 0x050F:
        sys.exit("attempt.py: the process was stopped outside of a call to the kernel")
    for name, number, *arguments in [known for known in ATTEMPTS if known[0] in sys.argv[2:] or not sys.argv[2:]]:
        result = attempt(pid, before, number, arguments)
        print(f"{name}: {'done' if result >= 0 else errno.errorcode.get(-result, -result)}")
    ptrace(SETREGS, pid, 0, ctypes.addressof(before))
    ptrace(DETACH, pid)


main()

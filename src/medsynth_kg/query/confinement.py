"""What keeps a worker process in bounds, by means of Linux that need no privilege.

Three walls keep it off the network: a network namespace without interfaces, where the system allows one; a system call
filter that refuses sockets; and the guard before them. Open files are no such wall: the engine opens some of a large
store's files only when a query needs them.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import time
from math import ceil
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

_SECCOMP_MODE_FILTER = 2
_SECCOMP_RET_KILL_PROCESS = 0x80000000
_SECCOMP_RET_ERRNO_EACCES = 0x00050000 | 13
_SECCOMP_RET_ALLOW = 0x7FFF0000
_BPF_LOAD_WORD, _BPF_JUMP_EQUAL, _BPF_JUMP_GREATER_EQUAL, _BPF_RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
_X32_CALLS = 0x40000000
_REFUSED_CALLS = {
    # AUDIT_ARCH of linux/audit.h; the numbers of socket, execve, execveat and io_uring_setup
    "x86_64": (0xC000003E, (41, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 425)),
}
CPU_GRACE = 2
"""Seconds of processor time past a query's limit after which the kernel ends a worker that the front forgot."""

_libc = ctypes.CDLL(None, use_errno=True)


class _FilterProgram(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, or end at once if that has already happened."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def leave_network() -> bool:
    """Move to a network namespace without any interface; whether the system allowed it. For one thread only."""
    return any(_libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def refuse_sockets() -> bool:
    """Have the kernel refuse new sockets and new programs (seccomp); whether it could.

    Holds for the calling thread and the threads that it starts.
    """
    known = _REFUSED_CALLS.get(platform.machine())
    if known is None:
        return False
    program = _filter_program(*known)
    instructions = ctypes.create_string_buffer(b"".join(program))
    pointer = ctypes.byref(_FilterProgram(len(program), ctypes.addressof(instructions)))
    calls = ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, pointer, 0, 0))
    return all(_libc.prctl(*call) == 0 for call in calls)


def _filter_program(architecture: int, refused: tuple[int, ...]) -> list[bytes]:
    """Kill on another architecture's calls, refuse the named ones, allow the rest (linux/filter.h, linux/seccomp.h)."""
    return [
        _instruction(_BPF_LOAD_WORD, _OFFSET_ARCHITECTURE),
        _instruction(_BPF_JUMP_EQUAL, architecture, if_true=1),
        _instruction(_BPF_RETURN, _SECCOMP_RET_KILL_PROCESS),
        _instruction(_BPF_LOAD_WORD, _OFFSET_NUMBER),
        _instruction(_BPF_JUMP_GREATER_EQUAL, _X32_CALLS, if_false=1),
        _instruction(_BPF_RETURN, _SECCOMP_RET_KILL_PROCESS),
        *(_instruction(_BPF_JUMP_EQUAL, number, if_true=len(refused) - index) for index, number in enumerate(refused)),
        _instruction(_BPF_RETURN, _SECCOMP_RET_ALLOW),
        _instruction(_BPF_RETURN, _SECCOMP_RET_ERRNO_EACCES),
    ]


def _instruction(code: int, operand: int, *, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)


def limit_memory(above: int) -> None:
    """Cap the process's data at ``above`` bytes more than it has now, and leave no dump of it on a crash."""
    data = _data_size() + above
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def limit_processor_time(seconds: float) -> None:
    """Have the kernel end this process some time after the front should have; for a front that is stopped."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = ceil(time.process_time() + seconds) + CPU_GRACE
    if limit != soft:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _data_size() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0

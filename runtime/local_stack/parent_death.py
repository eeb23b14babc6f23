"""Becomes another program that ends when the stack's own process ends, even by SIGKILL.

Called as ``python parent_death.py PARENT_PID SIGNAL UID:GID|- PROGRAM …`` and replaced by the program at once, so the
process keeps its id. The kernel sends the signal (Linux); elsewhere the stack's orderly stop is all there is.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def drop_privileges(owner: str) -> None:
    """Become ``uid:gid`` for good, with no other groups."""
    uid, gid = map(int, owner.split(":"))
    # In this order: without root's uid the other two would be refused.
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main() -> None:
    parent, signal_number, owner, *command = sys.argv[1:]
    if owner != "-":
        drop_privileges(owner)
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    # The parent may have died before the call above, and its signal is then never sent.
    if os.getppid() != int(parent):
        sys.exit("the process that started this one is gone")
    os.execv(command[0], command)  # noqa: S606 - this is the whole purpose


if __name__ == "__main__":
    main()

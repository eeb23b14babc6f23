"""Reading a stranger's calendar file, in a process that was started for it: ``python -m runtime.busy_times_reader``.

A file of a few lines can ask for more repetitions than any machine can count, and no parser promises an end. The
arguments are two moments and a time zone, the input is the file, and the output is JSON.
"""

import resource
import sys
from datetime import datetime

from pydantic import TypeAdapter

from domain.availability.busy_times import read_busy_times
from schemas.availability.busy_times import BusyTime

CPU_SECONDS = 10
MEMORY_BYTES = 1_000_000_000


def main(first: str, last: str, zone: str) -> None:
    """Read a calendar file from the input and write its busy times."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    content = sys.stdin.buffer.read()
    times = read_busy_times(content, datetime.fromisoformat(first), datetime.fromisoformat(last), zone)
    sys.stdout.buffer.write(TypeAdapter(tuple[BusyTime, ...]).dump_json(times))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Having a stranger's calendar file read by a process of its own, which gets little time and no password."""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from domain.languages import gettext
from schemas.availability.busy_times import BusyTime
from schemas.errors import CalendarRefused

# Not imported: what reads calendars takes long to load.
READER = "runtime.busy_times_reader"
# With the start of the process, which waits for others on a machine that is busy.
WITHIN = timedelta(seconds=60)
_TIMES = TypeAdapter(tuple[BusyTime, ...])


async def busy_times_of(content: bytes, first: datetime, last: datetime, zone: str) -> tuple[BusyTime, ...]:
    """Return when a calendar file is busy between two moments; raises CalendarRefused."""
    if b"BEGIN:VCALENDAR" not in content[:1000].upper():
        raise CalendarRefused(gettext("What stands at this address is not a calendar file."))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", READER, first.isoformat(), last.isoformat(), zone),
        cwd=Path(__file__).parents[1],
        # It needs no password, so it gets none.
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            output, _ = await process.communicate(content)
    except TimeoutError:
        raise CalendarRefused(gettext("The calendar takes too long to read.")) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise CalendarRefused(gettext("The calendar could not be read, or takes too long to read."))
    return _TIMES.validate_json(output)

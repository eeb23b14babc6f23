"""Reading the calendars that participants let the program read."""

from temporalio import activity

from activities.heartbeat import heartbeating
from services.calendar_subscriptions import read_calendars
from services.context import ServiceContext


class Calendars:
    """Reads calendars on the public internet."""

    def __init__(self, services: ServiceContext) -> None:
        self._services = services

    @activity.defn
    async def read_due_calendars(self) -> int:
        """Read every calendar that is due, and return how many could be read; a second run finds none due."""
        # It takes long to load, and a worker whose people gave no calendar never needs it.
        from runtime.public_download import download  # noqa: PLC0415

        async with heartbeating():
            return await read_calendars(self._services, download)

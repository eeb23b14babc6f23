"""The workflows of benchmarks/engines.py on Temporal; the sandbox imports their module for each of them."""

from datetime import timedelta

from temporalio import activity, workflow

WITHIN = timedelta(minutes=1)


@activity.defn
async def write(number: int, part: str) -> dict[str, object]:
    """Do nothing, and return a little."""
    return {"number": number, "part": part}


@workflow.defn(name="ComparedMentorship")
class Mentorship:
    """Takes two steps, waits for a message, and takes a third."""

    def __init__(self) -> None:
        """Begin with no message received."""
        self._message: str | None = None

    @workflow.signal
    def answer(self, message: str) -> None:
        """Take the message."""
        self._message = message

    @workflow.run
    async def run(self, number: int) -> str:
        """Live through all of it."""
        await workflow.execute_activity(write, args=[number, "plan"], start_to_close_timeout=WITHIN)
        await workflow.execute_activity(write, args=[number, "welcome"], start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._message is not None)
        message = str(self._message)
        await workflow.execute_activity(write, args=[number, message], start_to_close_timeout=WITHIN)
        return message

"""The workflows of benchmarks/engines.py on DBOS, in an environment of its own: python dbos_workflows.py URL WORKFLOWS.

It says "ready" once the tables are there, begins when it is sent a line, and says "done" when all workflows are.
"""

import asyncio
import sys

from dbos import DBOS, SetWorkflowID, WorkflowHandleAsync

# As many starts and messages at a time as on Temporal.
AT_A_TIME = 50
# No workflow waits so long.
NEVER_SECONDS = 86_400


@DBOS.step()  # type: ignore[untyped-decorator]
async def write(number: int, part: str) -> dict[str, object]:
    """Do nothing, and return a little."""
    return {"number": number, "part": part}


@DBOS.workflow()  # type: ignore[untyped-decorator]
async def mentorship(number: int) -> str:
    """Take two steps, wait for a message, and take a third."""
    await write(number, "plan")
    await write(number, "welcome")
    message: str = await DBOS.recv_async("answers", timeout_seconds=NEVER_SECONDS)
    await write(number, message)
    return message


async def play(workflows: int) -> None:
    """Start all workflows, then send each its message, then wait for their ends."""
    slots = asyncio.Semaphore(AT_A_TIME)

    async def start(number: int) -> WorkflowHandleAsync[str]:
        async with slots:
            with SetWorkflowID(f"mentorship-{number}"):
                return await DBOS.start_workflow_async(mentorship, number)

    async def send(number: int) -> None:
        async with slots:
            await DBOS.send_async(f"mentorship-{number}", "met", topic="answers")

    handles = await asyncio.gather(*map(start, range(workflows)))
    await asyncio.gather(*map(send, range(workflows)))
    for handle in handles:
        assert await handle.get_result() == "met"


async def main() -> None:
    """Play when asked to."""
    url, workflows = sys.argv[1], int(sys.argv[2])
    DBOS(config={"name": "mentorships", "system_database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await play(workflows)
    print("done", flush=True)
    # The figures are taken before anything is torn down.
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())

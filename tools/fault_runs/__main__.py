"""Seeded fault runs: ``python -m tools.fault_runs [--runs N] [--seed N] [--first N] [--wait] [--json FILE]``.

It starts a local stack, lets small classes answer their emails on the real pages, and meanwhile kills and pauses its
parts, fills its disk and puts its clocks off at random. After each run it counts what was lost, repeated or left stuck,
and exits with 1 if anything was.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from runtime.local_stack.interrupt import run_until_interrupted
from schemas.errors import MileError
from tools.fault_runs.injection import possible
from tools.fault_runs.participants import RelayMailbox
from tools.fault_runs.run import FaultRun, RunResult
from tools.fault_runs.stack import FAKETIME, FaultStack

HEADER = "  run   responses  lost   emails  lost  repeats  stuck   503  slowest   time  faults"


@dataclass(frozen=True)
class Arguments:
    """The command line."""

    runs: int
    seed: int
    first: int
    wait: bool
    json: Path | None
    keep: Path | None


def _arguments() -> Arguments:
    parser = argparse.ArgumentParser(prog="make faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=12, help="how many runs (12)")
    parser.add_argument("--seed", type=int, default=1, help="what the faults are drawn from (1)")
    parser.add_argument("--first", type=int, default=1, help="number of the first run, to repeat one (1)")
    parser.add_argument("--wait", action="store_true", help="bring nothing forward: a minute takes a minute")
    parser.add_argument("--json", type=Path, help="write the results to this file, too")
    parser.add_argument("--keep", type=Path, help="leave the stack's folder here, with its logs")
    return Arguments(**vars(parser.parse_args()))


async def _run_all(arguments: Arguments, folder: Path, results: list[RunResult]) -> None:
    async with FaultStack(folder).started() as stack:
        _explain(stack)
        mailbox = RelayMailbox(stack.mail)
        undisturbed = FaultRun(stack, mailbox, arguments.seed, 0, None)
        result = await undisturbed.run(wait=arguments.wait)
        print(f"{HEADER}\n{_line(result)}", flush=True)
        if result.counts.faulty or not result.settled:
            _complain(result)
            results.append(result)
            return
        expected = undisturbed.keys(result.counts)
        for number in range(arguments.first, arguments.first + arguments.runs):
            run = FaultRun(stack, mailbox, arguments.seed, number, expected)
            results.append(await run.run(wait=arguments.wait))
            print(_line(results[-1]), flush=True)
            _complain(results[-1])


def _explain(stack: FaultStack) -> None:
    if stack.disk is None:
        print("No disk is filled: that takes root and Linux.")
    if FAKETIME is None:
        print("No clock is put off: that takes libfaketime (apt install libfaketime).")
    print(f"{len(possible(stack))} kinds of faults. The stack is in {stack.folder}")


def _line(result: RunResult) -> str:
    counts, people = result.counts, result.people
    named = ", ".join(map(str, result.drawn)) or "none"
    return (
        f"{result.number:5}  {counts.responses:10}  {len(counts.lost_responses):4}  {counts.emails:7}"
        f"  {len(counts.lost_emails):4}  {counts.repeats:7}  {len(counts.stuck):5}  {people.unavailable:4}"
        f"  {people.slowest_seconds:5.1f} s  {result.seconds:3.0f} s  {named}"
    )


def _complain(result: RunResult) -> None:
    counts = result.counts
    named = {
        "lost response": counts.lost_responses,
        "lost email": counts.lost_emails,
        "repeat that is not ambiguous": counts.wrong_repeats,
        "stuck": counts.stuck,
        "request failed": counts.failed_without_excuse,
    }
    for name, keys in named.items():
        for key in keys:
            print(f"       {name}: {key}", flush=True)
    if counts.faulty:
        for page in result.people.without_form:
            print(f"       a page without a form: {page}", flush=True)


def _totals(results: list[RunResult]) -> dict[str, float]:
    counts, people = [each.counts for each in results], [each.people for each in results]
    return {
        "runs": len(results),
        "faults": sum(len(each.drawn) for each in results),
        "responses": sum(each.responses for each in counts),
        "lost responses": sum(len(each.lost_responses) for each in counts),
        "emails": sum(each.emails for each in counts),
        "lost emails": sum(len(each.lost_emails) for each in counts),
        "repeats": sum(each.repeats for each in counts),
        "repeats that are not ambiguous": sum(len(each.wrong_repeats) for each in counts),
        "stuck": sum(len(each.stuck) for each in counts),
        "pages that asked to try again": sum(each.unavailable for each in people),
        "of these without the words typed": sum(each.words_lost for each in people),
        "requests cut off, and sent again": sum(each.failed.total() for each in counts),
        "seconds of the slowest page": round(max((each.slowest_seconds for each in people), default=0.0), 1),
        "seconds": round(sum(each.seconds for each in results)),
    }


def _as_json(result: RunResult) -> dict[str, object]:
    counts = result.counts
    return {
        "run": result.number,
        "faults": [
            {"fault": str(one), "after": round(one.after, 1), "seconds": round(one.seconds, 1)} for one in result.drawn
        ],
        "responses": counts.responses,
        "emails": counts.emails,
        "repeats": counts.repeats,
        "lost_responses": counts.lost_responses,
        "lost_emails": counts.lost_emails,
        "wrong_repeats": counts.wrong_repeats,
        "stuck": counts.stuck,
        "failed_requests": counts.failed,
        "seconds": round(result.seconds, 1),
    }


def main() -> int:
    """Run, print and return the status: 1 where anything was lost, repeated without need, or is stuck."""
    arguments = _arguments()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mile faults ") as made:
        folder = arguments.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        results: list[RunResult] = []
        try:
            run_until_interrupted(_run_all(arguments, folder, results))
        except KeyboardInterrupt:
            print("Interrupted.", file=sys.stderr)
        except MileError as error:
            print(error, file=sys.stderr)
            return 1
    totals, drawn = _totals(results), Counter(str(fault) for each in results for fault in each.drawn)
    print(f"\n{', '.join(f'{name} {times}' for name, times in sorted(drawn.items()))}")
    print("\n".join(f"{value:8g} {name}" for name, value in totals.items()))
    reasons = sum((each.counts.failed for each in results), Counter[str]())
    print("".join(f"{times:8} {why}\n" for why, times in sorted(reasons.items())), end="")
    print(f"{time.monotonic() - began:8.0f} seconds in all")
    if arguments.json:
        runs = [_as_json(each) for each in results]
        arguments.json.write_text(json.dumps({"seed": arguments.seed, "totals": totals, "runs": runs}, indent=2) + "\n")
    return int(not results or any(each.counts.faulty or not each.settled for each in results))


if __name__ == "__main__":
    sys.exit(main())

"""The addresses of the pages about match runs."""

from schemas.errors import Refusal
from web.form import number_of
from web.staff.console import CLASS, StaffVisit

MATCHING = f"{CLASS}/matching"
COMPARE = f"{MATCHING}/compare"
RUN = f"{MATCHING}/runs/{{run}}"
PAIR = f"{RUN}/pair"


def run_number(visit: StaffVisit) -> int:
    """Return the match run that the address names; raises Refusal where it is no number."""
    return as_run(visit.params["run"])


def as_run(typed: str) -> int:
    """Return the number of a match run as it was typed; raises Refusal where it is none."""
    run = number_of(typed)
    if not run:
        raise Refusal("There is no such match run.")
    return run

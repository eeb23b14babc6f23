"""How a promise is judged: by cases, each of which passes or fails; without a case it was not put to the test."""

from collections.abc import Callable, Iterable

from rehearsal.checks.evidence import Evidence
from schemas.base import FrozenModel

NAMED_AT_MOST = 3


class Verdict(FrozenModel):
    """The result of a check: held, broken, or (None) that nothing put it to the test.

    ``left_out`` says that nothing could: the cohort's settings leave out what the promise is about.
    """

    held: bool | None
    evidence: str
    left_out: bool = False


Check = Callable[[Evidence], Verdict]
Cases = Iterable[tuple[str, bool]]


def judge(cases: Cases, shown: str, *, otherwise: str) -> Verdict:
    """Judge cases as (id, passed); ``shown`` continues "12 of 12 …", ``otherwise`` says why there was no case."""
    all_cases = list(cases)
    if not all_cases:
        return Verdict(held=None, evidence=otherwise)
    # A dict keeps the order and drops repeated ids.
    broken = list(dict.fromkeys(case for case, passed in all_cases if not passed))
    named = ", ".join(broken[:NAMED_AT_MOST]) + (", …" if len(broken) > NAMED_AT_MOST else "")
    counted = f"{sum(passed for _, passed in all_cases)} of {len(all_cases)} {shown}"
    return Verdict(held=not broken, evidence=f"{counted}; not {named}" if broken else counted)


def left_out(why: str) -> Verdict:
    """Return the verdict on what a cohort's settings leave out."""
    return Verdict(held=None, evidence=why, left_out=True)


def combine(*verdicts: Verdict) -> Verdict:
    """Judge a promise of several parts: one broken part breaks it, and each must have been put to the test.

    A part that the cohort's settings leave out counts for nothing beside others.
    """
    parts = [verdict for verdict in verdicts if not verdict.left_out]
    if not parts:
        return verdicts[0]
    broken = [verdict for verdict in parts if verdict.held is False]
    untested = [verdict for verdict in parts if verdict.held is None]
    held = False if broken else None if untested else True
    return Verdict(held=held, evidence="; ".join(verdict.evidence for verdict in broken or untested or parts))

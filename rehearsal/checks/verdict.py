"""How a promise is judged: by cases, each of which kept it or broke it; without any case nothing is shown."""

from collections.abc import Callable, Iterable

from rehearsal.checks.evidence import Evidence
from schemas.base import FrozenModel

NAMED_AT_MOST = 3


class Verdict(FrozenModel):
    """What a check found: held, broken, or (None) that there was no occasion to see it."""

    held: bool | None
    evidence: str


Check = Callable[[Evidence], Verdict]
Cases = Iterable[tuple[str, bool]]


def judge(cases: Cases, shown: str, *, otherwise: str) -> Verdict:
    """Judge cases as (id, kept): ``what`` they show goes on from "12 of 12"; ``else_`` says why there were none."""
    all_cases = list(cases)
    if not all_cases:
        return Verdict(held=None, evidence=otherwise)
    broken = list(dict.fromkeys(case for case, passed in all_cases if not passed))
    named = ", ".join(broken[:NAMED_AT_MOST]) + (", …" if len(broken) > NAMED_AT_MOST else "")
    counted = f"{sum(passed for _, passed in all_cases)} of {len(all_cases)} {shown}"
    return Verdict(held=not broken, evidence=f"{counted}; not {named}" if broken else counted)


def combine(*verdicts: Verdict) -> Verdict:
    """Judge a promise of several parts: one broken part breaks it, and a part without occasion shows nothing."""
    evidence = [verdict for verdict in verdicts if verdict.held is not None]
    if not evidence:
        return verdicts[0]
    broken = [verdict for verdict in evidence if not verdict.held]
    return Verdict(held=not broken, evidence="; ".join(verdict.evidence for verdict in broken or evidence))

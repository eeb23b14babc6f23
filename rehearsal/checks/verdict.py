"""How a promise is judged: by cases, each of which passes or fails; without a case the verdict is open."""

from collections.abc import Callable, Iterable

from rehearsal.checks.evidence import Evidence
from schemas.base import FrozenModel

NAMED_AT_MOST = 3


class Verdict(FrozenModel):
    """The result of a check: held, broken, or (None) that there was no case."""

    held: bool | None
    evidence: str


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


def combine(*verdicts: Verdict) -> Verdict:
    """Judge a promise of several parts: one broken part breaks it, and a part without a case counts for nothing."""
    evidence = [verdict for verdict in verdicts if verdict.held is not None]
    if not evidence:
        return verdicts[0]
    broken = [verdict for verdict in evidence if not verdict.held]
    return Verdict(held=not broken, evidence="; ".join(verdict.evidence for verdict in broken or evidence))

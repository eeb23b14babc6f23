"""Several things that are asked together, one after the other: which of them have a page to answer on."""

from collections.abc import Iterable

from domain.forms import questions_for
from schemas.enums import MilestoneKind
from schemas.forms.catalog import FORMS
from schemas.mentorship.responses import AskedStep, ResponsePage


def with_questions(steps: Iterable[AskedStep], page: ResponsePage) -> tuple[AskedStep, ...]:
    """Return the steps on which the reader of a page is asked something now; without goals no goal check-in is."""
    return tuple(step for step in steps if step.is_open and _asks(step.kind, page))


def _asks(kind: MilestoneKind, page: ResponsePage) -> bool:
    if kind is MilestoneKind.AGREEMENT:
        return True
    return kind in FORMS and bool(questions_for(kind, page.link.side, page.goals))

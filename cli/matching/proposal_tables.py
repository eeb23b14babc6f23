"""How proposed matches look on a terminal: what both sides said, and where each match stands."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field
from rich.table import Table

from cli.common.tables import table_of
from domain.matching.proposals import proposal_deadline
from domain.safe_text import one_line
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Commitment, DeclineReason, Side
from schemas.matching.proposals import ProposedMatch


class Stand(StrEnum):
    """Where a proposal stands."""

    FINAL = "final"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    ASKED = "asked"
    WAITING = "waiting"


class SaidShown(FrozenModel):
    """What one side said; ``question`` is addressed to staff."""

    person: str
    commitment: Commitment | None
    at: AwareDatetime | None
    reason: DeclineReason | None
    question: str
    took_back_application: bool


class ProposalShown(FrozenModel):
    """One proposed match and what became of it."""

    mentee: SaidShown
    mentor: SaidShown
    run: int
    stands: Stand
    proposed_at: AwareDatetime
    answer_by: AwareDatetime


class ProposalsShown(FrozenModel):
    """All proposals of a cohort, those withdrawn too; ``names``, by person's id, never enter the JSON."""

    cohort: str
    asks: bool
    proposals: tuple[ProposalShown, ...]
    names: dict[str, str] = Field(exclude=True)
    time_zone: str


def stand(match: ProposedMatch) -> Stand:
    """Return where a proposal stands."""
    if match.withdrawn_at:
        return Stand.WITHDRAWN
    if match.final:
        return Stand.FINAL
    if match.declined_by or match.gone:
        return Stand.DECLINED
    asked = any(match.of(side).commitment is Commitment.ASKED for side in Side)
    return Stand.ASKED if asked else Stand.WAITING


def proposal_shown(match: ProposedMatch, settings: CohortSettings) -> ProposalShown:
    """Return a proposal as staff see it."""
    said = {
        side: SaidShown(person=person, took_back_application=side in match.gone, **match.of(side).model_dump())
        for side, person in ((Side.MENTEE, match.mentee_id), (Side.MENTOR, match.mentor_id))
    }
    return ProposalShown(
        mentee=said[Side.MENTEE],
        mentor=said[Side.MENTOR],
        run=match.run,
        stands=stand(match),
        proposed_at=match.proposed_at,
        answer_by=proposal_deadline(settings, match.proposed_at),
    )


def nothing_proposed(shown: ProposalsShown) -> str:
    """Return what to say where there is no proposal."""
    if shown.asks:
        return f"Nothing is proposed in {shown.cohort} yet. Publish a match run: mile cohort publish {shown.cohort}"
    return f"{shown.cohort} asks nobody: what is published stands. To ask, add [proposals] to its cohort.toml."


def proposals_table(shown: ProposalsShown) -> Table:
    """Show who has answered what."""
    zone = ZoneInfo(shown.time_zone)
    table = table_of(
        f"Proposals of {shown.cohort}", "mentee", "mentor", "run", "stands", "mentee said", "mentor said", "due"
    )
    for one in shown.proposals:
        table.add_row(
            *(f"{said.person} {shown.names.get(said.person, '')}" for said in (one.mentee, one.mentor)),
            str(one.run),
            one.stands,
            _words(one.mentee, zone),
            _words(one.mentor, zone),
            # The time is over at the midnight that ends the last day, and the emails name that day.
            f"{(one.answer_by - timedelta(microseconds=1)).astimezone(zone):%Y-%m-%d}",
        )
    return table


def questions_asked(shown: ProposalsShown) -> Iterator[str]:
    """Say who asks what, one on a line: whatever somebody wrote, it must not command a terminal."""
    for one in shown.proposals:
        for said in (one.mentee, one.mentor):
            if said.question:
                yield f"{said.person} {shown.names.get(said.person, '')} asks: {one_line(said.question)}"


def _words(said: SaidShown, zone: ZoneInfo) -> str:
    if said.took_back_application:
        return "took back the application"
    if said.commitment is None or said.at is None:
        return "nothing yet"
    why = f" ({said.reason.replace('_', ' ')})" if said.reason else ""
    return f"{said.commitment}{why}, {said.at.astimezone(zone):%Y-%m-%d}"

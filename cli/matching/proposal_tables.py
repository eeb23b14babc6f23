"""Proposed matches as a table for a terminal: both sides' answers, and each match's status."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.table import Table

from cli.common.tables import table_of
from domain.safe_text import one_line
from services.proposals import ProposalList, SideDetails


def no_proposals_sentence(listing: ProposalList) -> str:
    """Return what to say where there is no proposal."""
    if listing.asks:
        return f"Nothing is proposed in {listing.cohort} yet. Publish a match run: mile cohort publish {listing.cohort}"
    return f"{listing.cohort} does not ask people about matches. To ask, add [proposals] to its cohort.toml."


def proposals_table(listing: ProposalList) -> Table:
    """Show who has answered what."""
    zone = ZoneInfo(listing.time_zone)
    table = table_of(
        f"Proposals of {listing.cohort}", "mentee", "mentor", "run", "status", "mentee said", "mentor said", "due"
    )
    for proposal in listing.proposals:
        table.add_row(
            *(
                f"{answer.person} {listing.names.get(answer.person, '')}"
                for answer in (proposal.mentee, proposal.mentor)
            ),
            str(proposal.run),
            proposal.status,
            _describe(proposal.mentee, zone),
            _describe(proposal.mentor, zone),
            # The deadline is the midnight that ends the last day, and the emails name that day.
            f"{(proposal.answer_by - timedelta(microseconds=1)).astimezone(zone):%Y-%m-%d}",
        )
    return table


def question_lines(listing: ProposalList) -> Iterator[str]:
    """Yield each question on one line, without control characters, which could command the terminal."""
    for proposal in listing.proposals:
        for answer in (proposal.mentee, proposal.mentor):
            if answer.question:
                yield f"{answer.person} {listing.names.get(answer.person, '')} asks: {one_line(answer.question)}"


def _describe(answer: SideDetails, zone: ZoneInfo) -> str:
    if answer.took_back_application:
        return "withdrew"
    if answer.commitment is None or answer.at is None:
        return "nothing yet"
    why = f" ({answer.reason.replace('_', ' ')})" if answer.reason else ""
    return f"{answer.commitment}{why}, {answer.at.astimezone(zone):%Y-%m-%d}"

"""Paper for the last day of the institute, on US Letter: a card for each pair, and everybody's name tag (A5)."""

import json
from collections.abc import Iterable

from domain.calendar import morning
from domain.formatting import format_weekday
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from domain.safe_text import SafeLine, SafePerson, one_line
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind
from schemas.ids import mentorship_id
from web.documents.typesetting import has_glyphs_for, typeset


class PairCard(FrozenModel):
    """The two people of a pair, and what they have in common in sentences fit for both."""

    mentor: SafePerson
    mentee: SafePerson
    shared: tuple[SafeLine, ...] = ()


def pair_cards(cohort: CohortSettings, pairs: Iterable[PairCard]) -> bytes:
    """Write the cards of pairs as a PDF, two on a page to cut apart; the same pairs give the same bytes."""
    cards = [
        {"mentor": _on_card(pair.mentor), "mentee": _on_card(pair.mentee), "shared": pair.shared} for pair in pairs
    ]
    contact = {"role": cohort.contact.role, "email": cohort.contact.email}
    return _sheet("pair_cards.typ", cohort, {"cards": json.dumps(cards), **_first_days(cohort), **contact})


def name_tags(cohort: CohortSettings, people: Iterable[Person]) -> bytes:
    """Write name tags as a PDF, twelve on a page; the same people give the same bytes."""
    tags = [_on_card(person) | {"side": person.side.capitalize()} for person in people]
    return _sheet("name_tags.typ", cohort, {"tags": json.dumps(tags)})


def people_lacking_glyphs(people: Iterable[Person]) -> tuple[str, ...]:
    """Return the ids of people whose card or tag has a character for which this machine has no glyph."""
    printed = {person.id: " ".join(_on_card(person).values()) for person in people}
    # One compilation for all first: it nearly always succeeds, and each takes some milliseconds.
    if has_glyphs_for(" ".join(printed.values())):
        return ()
    return tuple(id_ for id_, words in printed.items() if not has_glyphs_for(words))


def _first_days(cohort: CohortSettings) -> dict[str, str]:
    """Return the dates every pair has in common, formatted as in emails; empty where the cohort has no agreement."""
    first = plan(initial_terms(cohort, mentorship_id(cohort.id, 1)), morning(cohort.kickoff_day, cohort.time_zone))
    due = {milestone.kind: milestone for milestone in first.milestones}
    agreement, locale = due.get(MilestoneKind.AGREEMENT), cohort.locale
    return {
        "contact_by": format_weekday(due[MilestoneKind.FIRST_CONTACT].closes_on, locale),
        "agreement_on": format_weekday(agreement.opens_on, locale) if agreement else "",
        "ends_on": format_weekday(first.ends_on, locale),
    }


def _on_card(person: Person) -> dict[str, str]:
    return {part: one_line(getattr(person, part)) for part in ("name", "role", "library", "town")}


def _sheet(template: str, cohort: CohortSettings, words: dict[str, str]) -> bytes:
    program = cohort.program
    common = {"cohort": cohort.title, "program": program.short_name, "association": program.association}
    return typeset(template, common | words, cohort.kickoff_day)

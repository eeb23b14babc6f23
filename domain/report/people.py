"""Who took part, counted: what they do, where in the state they work, and what each role group answered (A17, A19)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from domain.input_files.spelling import comparable
from domain.matching.geography import TOWNS, find_town
from domain.report.scales import mean_of, rating, responses_to, scale_questions
from domain.report.suppression import suppressed_cells, suppressed_counts
from schemas.enums import ApplicationStatus, Side
from schemas.forms.catalog import CLOSURE_SURVEY, Question
from schemas.report.figures import (
    ApplicationsFigure,
    CountedChoice,
    GroupFigure,
    OpeningsFigure,
    PeopleFigure,
    RoleGroup,
)
from schemas.report.records import ApplicationRecord, CohortRecords

REGIONS = tuple(sorted({place.region for place in TOWNS.values()}))
ELSEWHERE = "Elsewhere, or not known"
SAME, ACROSS, UNKNOWN = "In one part of the state", "Across two parts of the state", "Not known for one of the two"
GROUP_NAMES = {
    RoleGroup.LEADING: "Who lead a library, a branch or a team",
    RoleGroup.LIBRARIAN: "Librarians, archivists and media specialists",
    RoleGroup.SUPPORT: "Paraprofessionals and support staff",
    RoleGroup.OTHER: "Other roles",
}
# The first that fits counts: an assistant director leads, and an archives assistant supports.
_WORDS_OF_A_ROLE = {
    RoleGroup.LEADING: r"director|dean|head|chief|manager|supervisor|coordinator|administrator|president",
    RoleGroup.LIBRARIAN: r"librarian|archivist|media specialist|cataloger|bibliographer|curator",
    RoleGroup.SUPPORT: r"paraprofessional|assistant|associate|technician|clerk|aide|page|specialist|staff",
}

# Who gave it, and a point on the scale.
Rated = tuple[str, float]


def role_group(role: str) -> RoleGroup:
    """Return the group that the words of somebody's role put them in, whatever their degree (A17)."""
    fitting = (group for group, words in _WORDS_OF_A_ROLE.items() if re.search(rf"\b({words})s?\b", comparable(role)))
    return next(fitting, RoleGroup.OTHER)


def people_figures(records: CohortRecords) -> Iterator[PeopleFigure]:
    """Yield who took part by role group and by region, and in how many regions each pair works."""
    if not records.people:
        return
    groups, regions = _groups(records), _regions(records)
    yield _sorted_by(
        "role_group",
        "What those who took part do",
        [GROUP_NAMES[group] for group in RoleGroup],
        {person: GROUP_NAMES[group] for person, group in groups.items()},
    )
    yield _sorted_by("region", "Where in the state they work", [*REGIONS, ELSEWHERE], regions)
    apart = {
        f"{pair.mentor} {pair.mentee} {place}": _apart(regions[pair.mentor], regions[pair.mentee])
        for place, pair in enumerate(records.pairs)
    }
    yield _sorted_by("pair", "Where the two of a pair work", [SAME, ACROSS, UNKNOWN], apart)


def covered_regions(records: CohortRecords) -> int | None:
    """Return in how many regions anybody took part, or None where that would reveal how many in each (A19)."""
    counts = [list(_regions(records).values()).count(region) for region in (*REGIONS, ELSEWHERE)]
    hidden = [counts[place] for place in suppressed_counts(counts)]
    if not records.people or (hidden and sum(hidden) == len(hidden)):
        return None
    return sum(count > 0 for count in counts[:-1])


def group_figures(records: CohortRecords) -> Iterator[GroupFigure]:
    """Yield what each role group answered, mentors and mentees together, to what the closure survey asks both (A17)."""
    groups = _groups(records)
    both = [scale_questions(CLOSURE_SURVEY.kind, side) for side in Side]
    for question in (response for response in both[0] if response in both[1]):
        ratings: dict[RoleGroup, list[Rated]] = defaultdict(list)
        for response in (
            response for side in Side for response in responses_to(records.responses, CLOSURE_SURVEY.kind, side)
        ):
            if (point := rating(question, response.answers)) is not None:
                ratings[groups.get(response.person, RoleGroup.OTHER)].append((response.person, point))
        if ratings:
            yield from _by_group(question, ratings)


def application_figures(records: Sequence[ApplicationRecord]) -> Iterator[ApplicationsFigure]:
    """Yield how many applied on each side and where that stands, and how many places mentors had to give (B2)."""
    for side in Side:
        applied = [record for record in records if record.side is side]
        accepted = [record for record in applied if record.status is ApplicationStatus.ACCEPTED]
        others = [status for status in ApplicationStatus if status is not ApplicationStatus.ACCEPTED]
        counts = [sum(record.status is status for record in applied) for status in others]
        hidden = suppressed_counts(counts)
        if applied:
            yield ApplicationsFigure(
                side=side,
                applied=len(applied),
                accepted=len(accepted),
                places=sum(record.places for record in accepted) if side is Side.MENTOR else None,
                statuses={status: None if place in hidden else counts[place] for place, status in enumerate(others)},
                # It follows from the others in any case.
                together=sum(counts[place] for place in hidden) if hidden else None,
            )


def opening_figure(records: CohortRecords) -> OpeningsFigure | None:
    """Return how many took up what staff recommended, or None where they recommended nothing (A16)."""
    if not records.recommended:
        return None
    others = [person.person for person in records.people if person.person not in records.took_up]
    hidden = suppressed_cells((records.took_up, others))
    took_up = None if hidden else len(records.took_up)
    return OpeningsFigure(recommended=records.recommended, people=len(records.people), took_up=took_up)


def _groups(records: CohortRecords) -> dict[str, RoleGroup]:
    return {person.person: role_group(person.role) for person in records.people}


def _regions(records: CohortRecords) -> dict[str, str]:
    places = {person.person: find_town(person.town) for person in records.people}
    return {person: place.region if place else ELSEWHERE for person, place in places.items()}


def _apart(first: str, second: str) -> str:
    if ELSEWHERE in {first, second}:
        return UNKNOWN
    return SAME if first == second else ACROSS


def _sorted_by(by: str, label: str, names: Sequence[str], sorted_people: Mapping[str, str]) -> PeopleFigure:
    cells = [[person for person, name in sorted_people.items() if name == group] for group in names]
    hidden = suppressed_cells(cells)
    return PeopleFigure(
        by=by,
        label=label,
        counted=len(sorted_people),
        choices=tuple(
            CountedChoice(label=name, count=None if place in hidden else len(cells[place]))
            for place, name in enumerate(names)
        ),
        together=sum(len(cells[place]) for place in hidden) if 0 < len(hidden) < len(cells) else None,
    )


def _by_group(question: Question, ratings: Mapping[RoleGroup, Sequence[Rated]]) -> Iterator[GroupFigure]:
    cells = [ratings.get(group, ()) for group in RoleGroup]
    hidden = suppressed_cells([[person for person, _ in cell] for cell in cells])
    for place, group in enumerate(RoleGroup):
        yield _group(question, group, None if place in hidden else cells[place])
    if 0 < len(hidden) < len(cells):
        yield _group(question, None, [rated for place in hidden for rated in cells[place]])


def _group(question: Question, group: RoleGroup | None, rated: Sequence[Rated] | None) -> GroupFigure:
    mean = mean_of([point for _, point in rated or ()], [person for person, _ in rated or ()])
    answered = None if rated is None else len(rated)
    return GroupFigure(question=question.name, label=question.label, group=group, answered=answered, mean=mean)

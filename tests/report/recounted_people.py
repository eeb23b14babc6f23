"""Who took part and who applied, counted from a cohort's raw rows."""

import json
from collections import Counter

from domain.matching.geography import TOWNS
from schemas.enums import ApplicationStatus, MilestoneKind, Side
from schemas.forms.catalog import FORMS
from tests.report.recount import Numbers, Rows, hidden, hidden_counts, mean, together
from tests.report.recounted_answers import is_scale, rated

GROUPS = {
    "Library director": "leading",
    "Branch manager": "leading",
    "Reference librarian": "librarian",
    "Archivist": "librarian",
    "Media specialist": "librarian",
    "Library assistant": "support",
    "Circulation associate": "support",
    "Systems technician": "support",
    "Consultant": "other",
}
GROUP_LABELS = {
    "leading": "Who lead a library, a branch or a team",
    "librarian": "Librarians, archivists and media specialists",
    "support": "Paraprofessionals and support staff",
    "other": "Other roles",
}
REGION_OF = {
    "Duluth": "Northeast",
    "St. Paul": "Metro",
    "Minneapolis, MN": "Metro",
    "Bemidji": "Northwest",
    "Mankato": "South Central",
    "Rochester": "Southeast",
}
ELSEWHERE = "Elsewhere, or not known"


def people(rows: Rows) -> Numbers:
    known = {person: REGION_OF.get(answers["town"], ELSEWHERE) for person, answers in rows.people.items()}
    kinds = {person: GROUP_LABELS[GROUPS[answers["role"]]] for person, answers in rows.people.items()}
    apart = {}
    for id_, row in rows.mentorships.items():
        one, other = known[row["mentor_id"]], known[row["mentee_id"]]
        same = "In one part of the state" if one == other else "Across two parts of the state"
        apart[id_] = "Not known for one of the two" if ELSEWHERE in {one, other} else same
    regions = [*{town.region for town in TOWNS.values()}, ELSEWHERE]
    pairs = ["In one part of the state", "Across two parts of the state", "Not known for one of the two"]
    figures = {"role_group": (kinds, list(GROUP_LABELS.values())), "region": (known, regions), "pair": (apart, pairs)}
    for by, (sorted_, labels) in figures.items() if known else ():
        cells = {label: [person for person, is_ in sorted_.items() if is_ == label] for label in labels}
        withheld = hidden(cells)
        yield ("people", by, "counted"), len(sorted_)
        for label, cell in cells.items():
            yield ("people", by, "choices", label, "count"), None if label in withheld else len(cell)
        yield ("people", by, "together"), together(cells, withheld)
    found = Counter(known.values())
    withheld = hidden_counts({region: found[region] for region in regions})
    answers = known and not (withheld and sum(found[one] for one in withheld) == len(withheld))
    yield ("covered",), len(set(known.values()) - {ELSEWHERE}) if answers else None


def groups(rows: Rows) -> Numbers:
    mentors, mentees = (FORMS[MilestoneKind.CLOSURE_SURVEY].for_side(side) for side in Side)
    for name in [one.name for one in mentors if is_scale(one) and one in mentees]:
        given = [(one, point) for side in Side for one, point in rated(rows, "closure_survey", side, name)]
        cells = {
            group: [(one.person, point) for one, point in given if GROUPS[rows.people[one.person]["role"]] == group]
            for group in GROUP_LABELS
        }
        withheld = hidden({group: [person for person, _ in cell] for group, cell in cells.items()})
        for group, cell in cells.items() if given else ():
            shown = [] if group in withheld else cell
            yield ("groups", name, group, "answered"), None if group in withheld else len(cell)
            yield ("groups", name, group, "mean"), mean([point for _, point in shown], [person for person, _ in shown])
        if given and together(cells, withheld) is not None:
            others = [rating for group in withheld for rating in cells[group]]
            yield ("groups", name, "answered"), len(others)
            yield ("groups", name, "mean"), mean([point for _, point in others], [person for person, _ in others])


def applications(rows: Rows) -> Numbers:
    for side in Side:
        own = [row for row in rows.applications if row["side"] == side]
        others = {one: sum(row["status"] == one for row in own) for one in ApplicationStatus if one != "accepted"}
        withheld = hidden_counts(others)
        accepted = [row for row in own if row["status"] == "accepted"]
        offered = sum(json.loads(row["answers"]).get("capacity", 0) for row in accepted)
        if own:
            yield ("applications", side, "applied"), len(own)
            yield ("applications", side, "accepted"), len(accepted)
            yield ("applications", side, "places"), None if side == "mentee" else offered
            for one, count in others.items():
                yield ("applications", side, "statuses", one), None if one in withheld else count
            left = len(own) - len(accepted) - sum(count for one, count in others.items() if one not in withheld)
            yield ("applications", side, "together"), left if withheld else None
    yield ("openings",), None  # These classes are told of none.
    yield ("inquiries",), None if 0 < len(rows.inquiries) < 5 else len(rows.inquiries)

"""What people answered, counted from a cohort's raw rows."""

from collections import Counter, defaultdict

from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import FORMS, Question
from tests.report.recount import CountedResponse, Numbers, Path, Rows, hidden, hidden_counts, mean, together

ONCE_PER_PAIR = {"first_contact", "meeting", "closing_conversation"}
GOALS = {"on_track": "On track", "changed": "Changed", "stuck": "Stuck", "done": "Done"}


def is_scale(question: Question) -> bool:
    return [str(choice.value) for choice in question.choices] == ["1", "2", "3", "4", "5"]


def rated(rows: Rows, form: str, side: str, name: str) -> list[tuple[CountedResponse, float]]:
    responses = [response for response in rows.said if (response.form, response.side) == (form, side)]
    if name != "own_goals":
        return [(response, float(response.answers[name])) for response in responses if name in response.answers]
    ratings = [
        (response, [int(response.answers[n]) for n in response.answers if n.startswith("confidence_")])
        for response in responses
    ]
    return [(response, sum(points) / len(points)) for response, points in ratings if points]


def items(rows: Rows) -> Numbers:
    for side in Side:
        for question in filter(is_scale, FORMS[MilestoneKind.CLOSURE_SURVEY].for_side(side)):
            ratings = rated(rows, "closure_survey", side, question.name)
            at = ("items", question.name, side)
            yield (*at, "answered"), len(ratings)
            yield (*at, "mean"), mean([point for _, point in ratings], [response.person for response, _ in ratings])


def courses(rows: Rows) -> Numbers:
    for form in ("self_assessment", "check_in", "follow_up"):
        for side in Side:
            names = [question.name for question in FORMS[MilestoneKind(form)].for_side(side) if is_scale(question)]
            names += ["own_goals"] if (form, side) == ("self_assessment", "mentee") else []
            for name in names:
                by_time: dict[int, dict[str, float]] = defaultdict(dict)
                for response, point in rated(rows, form, side, name):
                    by_time[response.number][response.person] = point
                times = sorted(by_time)
                if form == "self_assessment" and by_time:
                    times, same = [1, 2, 3], set(by_time[1]) & set(by_time[3])
                    by_time = defaultdict(
                        dict,
                        {at: {person: by_time[at][person] for person in same & set(by_time[at])} for at in times},
                    )
                for time in times:
                    at = ("courses", form, name, side, "points", str(time))
                    yield (*at, "answered"), len(by_time[time])
                    yield (*at, "mean"), mean(list(by_time[time].values()), by_time[time])


def choices(rows: Rows) -> Numbers:
    for form in set(FORMS) - {MilestoneKind.CHECK_IN}:
        for question in FORMS[form].questions:
            is_reported = {"staff", "staff_counts"} & set(question.readers)
            if is_reported and len(question.choices) > 1 and not is_scale(question):
                for side in [None] if form in ONCE_PER_PAIR else question.asked:
                    yield from choice(rows, form, question, side)


def choice(rows: Rows, form: str, question: Question, side: str | None) -> Numbers:
    values = [str(option.value) for option in question.choices]
    responses = [
        response
        for response in rows.said
        if response.form == form and side in {None, response.side} and response.answers.get(question.name)
    ]
    for number in sorted({response.number for response in responses}) if form == "follow_up" else [0]:
        chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
        for response in responses:
            if number in {0, response.number}:
                pair = (response.mentorship, str(response.number))
                key = pair if form in ONCE_PER_PAIR else (response.person, response.place)
                chosen[key] |= set(response.answers[question.name].split(","))
        if question.kind == "choice":
            chosen = {key: {min(values_chosen, key=values.index)} for key, values_chosen in chosen.items()}
        if chosen:
            at = ("choices", form, str(number), question.name, *([side] if side else []))
            yield from counted(at, question, chosen)


def counted(at: Path, question: Question, chosen: dict[tuple[str, str], set[str]]) -> Numbers:
    cells = {
        option.label: [person for (person, _), labels in chosen.items() if option.value in labels]
        for option in question.choices
    }
    withheld = hidden(cells)
    if question.kind == "ticks":
        withheld = {label for label, cell in cells.items() if 0 < len(set(cell)) < 5}
    if len({person for person, _ in chosen}) < 5:
        withheld = set(cells)
    yield (*at, "answered"), len(chosen)
    for label, cell in cells.items():
        yield (*at, "choices", label, "count"), None if label in withheld else len(cell)
    if question.kind == "ticks":
        any_of = [key for key in chosen if any(_gave(question, chosen[key], label) for label in withheld)]
        people = {person for person, _ in any_of}
        yield (*at, "together"), len(any_of) if 5 <= len(people) < 4 * len(withheld) else None
    else:
        yield (*at, "together"), together(cells, withheld)


def _gave(question: Question, values: set[str], label: str) -> bool:
    return any(option.label == label and option.value in values for option in question.choices)


def goals(rows: Rows) -> Numbers:
    last: dict[str, CountedResponse] = {}
    for response in sorted(
        (response for response in rows.said if response.form == "goal_check_in"),
        key=lambda response: response.mentorship,
    ):
        if response.person not in last or response.number >= last[response.person].number:
            last[response.person] = response
    statuses = [(response.person, status) for response in last.values() for status in response.answers.values()]
    if statuses:
        cells = {label: [person for person, status in statuses if status == value] for value, label in GOALS.items()}
        withheld = set(cells) if len({person for person, _ in statuses}) < 5 else hidden(cells)
        at = ("choices", "goal_check_in", "0", "goals", "mentee")
        yield (*at, "answered"), len(statuses)
        for label, cell in cells.items():
            yield (*at, "choices", label, "count"), None if label in withheld else len(cell)
        yield (*at, "together"), together(cells, withheld)


def sums(rows: Rows) -> Numbers:
    for form in FORMS:
        sides: dict[str, set[str]] = defaultdict(set)
        ticks: set[str] = set()
        for question in FORMS[form].questions:
            if question.kind in {"count", "tick"} and "staff_counts" in question.readers:
                sides[question.name] |= set(question.asked)
                ticks |= {question.name} if question.kind == "tick" else set()
        for name, asked in sides.items():
            larger: dict[str, Counter[int]] = defaultdict(Counter)
            for said in rows.said:
                if said.form == form and (name in said.answers or (name in ticks and said.side in asked)):
                    count = int(name in said.answers) if name in ticks else int(said.answers[name])
                    larger[said.mentorship][said.number] = max(larger[said.mentorship][said.number], count)
            if larger:
                yield from summed(("sums", form, name), {pair: times.total() for pair, times in larger.items()})


def summed(at: Path, totals: dict[str, int]) -> Numbers:
    positive = sum(total > 0 for total in totals.values())
    few = len(totals) < 5
    yield (*at, "answered"), len(totals)
    is_shown = not few and not hidden_counts({"some": positive, "none": len(totals) - positive})
    yield (*at, "with_some"), positive if is_shown else None
    yield (*at, "total"), None if few or 0 < positive < 5 else sum(totals.values())

"""What people answered, counted from a cohort's raw rows."""

from collections import Counter, defaultdict

from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import FORMS, Question
from tests.report.recount import Numbers, Path, Rows, Said, hidden, hidden_counts, mean

ONCE_PER_PAIR = {"first_contact", "meeting", "closing_conversation"}
GOALS = {"on_track": "On track", "changed": "Changed", "stuck": "Stuck", "done": "Done"}
SUMS: dict[str, tuple[str, ...]] = {"check_in": ("meetings", "introductions", "opportunity")}
SUMS["agreement_review"] = ("feedback_given", "feedback_received")


def is_scale(question: Question) -> bool:
    return [str(choice.value) for choice in question.choices] == ["1", "2", "3", "4", "5"]


def rated(rows: Rows, form: str, side: str, name: str) -> list[tuple[Said, float]]:
    given = [one for one in rows.said if (one.form, one.side) == (form, side)]
    if name != "own_goals":
        return [(one, float(one.answers[name])) for one in given if name in one.answers]
    ratings = [(one, [int(one.answers[n]) for n in one.answers if n.startswith("confidence_")]) for one in given]
    return [(one, sum(points) / len(points)) for one, points in ratings if points]


def items(rows: Rows) -> Numbers:
    for side in Side:
        for question in filter(is_scale, FORMS[MilestoneKind.CLOSURE_SURVEY].for_side(side)):
            given = rated(rows, "closure_survey", side, question.name)
            at = ("items", question.name, side)
            yield (*at, "answered"), len(given)
            yield (*at, "mean"), mean([point for _, point in given], [one.person for one, _ in given])


def courses(rows: Rows) -> Numbers:
    for form in ("self_assessment", "check_in", "follow_up"):
        for side in Side:
            names = [one.name for one in FORMS[MilestoneKind(form)].for_side(side) if is_scale(one)]
            names += ["own_goals"] if (form, side) == ("self_assessment", "mentee") else []
            for name in names:
                by_time: dict[int, dict[str, float]] = defaultdict(dict)
                for one, point in rated(rows, form, side, name):
                    by_time[one.number][one.person] = point
                times = sorted(by_time)
                if form == "self_assessment" and by_time:
                    times, same = [1, 2, 3], set(by_time[1]) & set(by_time[3])
                    by_time = defaultdict(
                        dict, {at: {one: by_time[at][one] for one in same & set(by_time[at])} for at in times}
                    )
                for time in times:
                    at = ("courses", form, name, side, "points", str(time))
                    yield (*at, "answered"), len(by_time[time])
                    yield (*at, "mean"), mean(list(by_time[time].values()), by_time[time])


def choices(rows: Rows) -> Numbers:
    for form in set(FORMS) - {MilestoneKind.CHECK_IN}:
        for question in FORMS[form].questions:
            told = {"staff", "staff_counts"} & set(question.readers)
            if told and len(question.choices) > 1 and not is_scale(question):
                for side in [None] if form in ONCE_PER_PAIR else question.asked:
                    yield from choice(rows, form, question, side)


def choice(rows: Rows, form: str, question: Question, side: str | None) -> Numbers:
    values = [str(one.value) for one in question.choices]
    given = [
        one for one in rows.said if one.form == form and side in {None, one.side} and one.answers.get(question.name)
    ]
    for number in sorted({one.number for one in given}) if form == "follow_up" else [0]:
        chosen: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in given:
            if number in {0, one.number}:
                pair = (one.mentorship, str(one.number))
                whose = pair if form in ONCE_PER_PAIR else (one.person, one.place)
                chosen[whose] |= set(one.answers[question.name].split(","))
        if question.kind == "choice":
            chosen = {whose: {min(said, key=values.index)} for whose, said in chosen.items()}
        if chosen:
            at = ("choices", form, str(number), question.name, *([side] if side else []))
            yield from counted(at, question, chosen)


def counted(at: Path, question: Question, chosen: dict[tuple[str, str], set[str]]) -> Numbers:
    cells = {one.label: [who for (who, _), said in chosen.items() if one.value in said] for one in question.choices}
    gone = hidden(cells)
    if question.kind == "ticks":
        gone = {label for label, cell in cells.items() if 0 < len(set(cell)) < 5}
    if len({who for who, _ in chosen}) < 5:
        gone = set(cells)
    yield (*at, "answered"), len(chosen)
    for label, cell in cells.items():
        yield (*at, "choices", label, "count"), None if label in gone else len(cell)


def goals(rows: Rows) -> Numbers:
    last: dict[str, Said] = {}
    for one in sorted((one for one in rows.said if one.form == "goal_check_in"), key=lambda one: one.mentorship):
        if one.person not in last or one.number >= last[one.person].number:
            last[one.person] = one
    stood = [(one.person, status) for one in last.values() for status in one.answers.values()]
    if stood:
        cells = {label: [who for who, status in stood if status == value] for value, label in GOALS.items()}
        gone = set(cells) if len({who for who, _ in stood}) < 5 else hidden(cells)
        at = ("choices", "goal_check_in", "0", "goals", "mentee")
        yield (*at, "answered"), len(stood)
        for label, cell in cells.items():
            yield (*at, "choices", label, "count"), None if label in gone else len(cell)


def sums(rows: Rows) -> Numbers:
    for form, names in SUMS.items():
        for name in names:
            larger: dict[str, Counter[int]] = defaultdict(Counter)
            for one in rows.said:
                tick = name in {"opportunity", "feedback_given", "feedback_received"}
                if one.form == form and (
                    name in one.answers or (tick and (name != "opportunity" or one.side == "mentee"))
                ):
                    count = (1 if name in one.answers else 0) if tick else int(one.answers[name])
                    larger[one.mentorship][one.number] = max(larger[one.mentorship][one.number], count)
            if larger:
                yield from summed(("sums", form, name), {pair: times.total() for pair, times in larger.items()})


def summed(at: Path, totals: dict[str, int]) -> Numbers:
    some = sum(total > 0 for total in totals.values())
    few = len(totals) < 5
    yield (*at, "answered"), len(totals)
    told = not few and not hidden_counts({"some": some, "none": len(totals) - some})
    yield (*at, "with_some"), some if told else None
    yield (*at, "total"), None if few or 0 < some < 5 else sum(totals.values())

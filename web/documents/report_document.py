"""A cohort's report as a document: what mentors, participants and the association gained (promise B6)."""

from collections.abc import Iterator

from domain.calendar import months_after
from domain.formatting import format_day, format_weekday
from domain.report.people import REGIONS
from domain.report.suppression import MIN_CELL_SIZE
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side
from schemas.report.figures import Report, ReportPart
from web.documents.blocks import Block, BulletList, Document, Heading, Paragraph, Quote, Section
from web.documents.report_figures import ReportFigures, count_cell
from web.documents.report_people import agreement_table, application_blocks, group_table, people_blocks
from web.documents.report_sentences import gains

METHOD = (
    "A check-in window counts once for each mentorship, by the better news of its two sides: met, then planned, then"
    " not yet. It is unanswered only where both were silent.",
    "One answer of the two is enough for the first contact, a meeting and the closing conversation, so not everybody"
    " asked needs to answer. Where both did, the pair counts once, by the better news.",
    "The last version of an answer counts. A silence is counted as unanswered and never guessed.",
    "An agreement counts from the day both had confirmed the same version; a draft does not. Of the days, half of the"
    " pairs needed fewer and half more than the median.",
    "Before and after are compared for those who answered both times, and half-way for those among them who answered"
    " then. Whoever rated several goals counts once, by the mean of these.",
    "What both sides counted, such as introductions, counts once each time, by the larger of their two numbers.",
    f"What rests on fewer than {MIN_CELL_SIZE} people is told together with the smallest of the others, so that no"
    " one’s answer can be read from it. Where even these are fewer, all of them are withheld.",
    "How many pairs there were, met, agreed and were completed is always told. How the others parted, and why pairs had"
    " not met, is told together where they are few.",
    "A role group follows from the words people use for their role, whatever their degree; a part of the state from the"
    " town they work in.",
    "Goals count as they stood when the mentee was last asked. Bars of means begin at 1, the lowest answer.",
)
INTERIM_METHOD = (
    "Only what has closed by the day of this interim report is counted: answers to what is still open may change."
)
POOLED_METHOD = (
    "Each class has a report of its own. What one of them alone withholds is withheld here too: it could be found by"
    " subtraction."
)


def report_document(report: Report, settings: CohortSettings) -> Document:
    """Return a cohort's report as a document; an interim one says so in its title and in its notice."""
    figures = ReportFigures(report, settings)
    sections = (_in_short, _mentors, _participants, _association, _quotes, _method)
    blocks = (tuple(section(report, settings, figures)) for section in sections)
    return Document(
        title=f"{report_kind(report)}: {settings.title}",
        notice=interim_notice(report, settings.locale),
        sections=tuple(Section(blocks=section) for section in blocks if section),
    )


def report_kind(report: Report) -> str:
    """Return what a report is called."""
    return "Interim report" if report.interim_on else "Closing report"


def interim_notice(report: Report, locale: str) -> str:
    """Say of an interim report what it is, of which day, and how many mentorships still run; nothing of a final one."""
    if report.interim_on is None:
        return ""
    day = format_day(report.interim_on, locale)
    running = report.outcomes.get("running") or 0
    return f"Interim report of {day}: {running} {'mentorship still runs' if running == 1 else 'mentorships still run'}"


def _in_short(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    yield Heading(level=1, text="In short")
    yield Paragraph(text=_lead(report, settings), lead=True)
    yield Heading(level=2, text="How the mentorships ended")
    yield figures.outcomes()
    yield Heading(level=2, text="Did they meet?")
    yield from figures.windows()
    yield Heading(level=2, text="Did they answer?")
    yield from figures.rates()


def _mentors(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    yield Heading(level=1, text="What mentors gained")
    yield Paragraph(
        text="What mentors said of their own growth and their satisfaction, from 1 (not at all) to 5.",
    )
    yield from _in_sentences(report, ReportPart.MENTORS)
    yield from figures.items(ReportPart.MENTORS, "What mentors answered")
    thanks = sum(rate.answered for rate in report.rates if rate.form is MilestoneKind.THANKS)
    if thanks:
        times = "once" if thanks == 1 else f"{thanks} times"
        yield Paragraph(text=f"Mentees sent their mentors words of thanks {times}.")
    yield from figures.choices(MilestoneKind.CLOSURE_SURVEY)
    yield from _over_time(figures, Side.MENTOR)


def _participants(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    yield Heading(level=1, text="What participants gained")
    yield Paragraph(
        text="What the mentees, the participants of the class, said of advice, next steps and satisfaction,"
        " from 1 (not at all) to 5."
    )
    yield from _in_sentences(report, ReportPart.PARTICIPANTS)
    yield from figures.items(ReportPart.PARTICIPANTS, "What mentees answered")
    yield from figures.choices(MilestoneKind.GOAL_CHECK_IN)
    yield from figures.sums(MilestoneKind.CHECK_IN, "What pairs counted at their check-ins")
    yield from _over_time(figures, Side.MENTEE)


def _association(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    yield Heading(level=1, text="What the association gained")
    yield Paragraph(text="A stronger profession, ties across the state, and people who take part and keep learning.")
    yield from _in_sentences(report, ReportPart.ASSOCIATION)
    yield from figures.items(ReportPart.ASSOCIATION, "What both sides answered about the profession")
    yield from _participation(report)
    if openings := report.openings:
        took_up = count_cell(openings.took_up).text
        yield Paragraph(
            text=f"Openings that staff recommended: {openings.recommended}. People who took one up: {took_up}."
        )
    if report.applications:
        yield Heading(level=2, text="Applications")
        yield from application_blocks(report)
    if report.agreement:
        yield Heading(level=2, text="Did they come to an agreement?")
        yield agreement_table(report.agreement)
        yield from figures.choices(MilestoneKind.AGREEMENT_REVIEW)
        yield from figures.sums(MilestoneKind.AGREEMENT_REVIEW, "Feedback both ways")
    yield from _about(figures, MilestoneKind.MEETING, "Meetings and their topics", charted=("topics",))
    yield from _about(figures, MilestoneKind.CLOSING_CONVERSATION, "Closing conversations")
    yield from _about(figures, MilestoneKind.INVOLVEMENT, "Taking part in the association")
    yield from _follow_ups(report, settings, figures)


def _in_sentences(report: Report, part: ReportPart) -> Iterator[Block]:
    if sentences := gains(report, part):
        yield BulletList(items=sentences)


def _quotes(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    if report.quotes:
        yield Heading(level=1, text="In their own words")
        yield Paragraph(
            text="One thing they take away. Everybody quoted here ticked that the report may do so, without a name."
        )
        yield from (Quote(text=quote) for quote in report.quotes)


def _method(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    yield Heading(level=1, text="How this was counted")
    more = (INTERIM_METHOD,) if report.interim_on else (POOLED_METHOD,) if report.classes else ()
    yield BulletList(items=(*METHOD, *more))


def _lead(report: Report, settings: CohortSettings) -> str:
    if not report.mentorships:
        return "No mentorship has begun, so there is nothing to report."
    return " ".join(_lead_sentences(report, settings))


def _lead_sentences(report: Report, settings: CohortSettings) -> Iterator[str]:
    yield _began(report, settings)
    if report.replaced:
        yield f"{report.replaced} {_was(report.replaced)} taken over by another mentor."
    completed = report.outcomes.get("completed") or 0
    met, windows = sum(window.met for window in report.windows), sum(window.mentorships for window in report.windows)
    in_windows = f"; in {met} of {windows} check-in windows at least one side said that they had met" if windows else ""
    yield f"{completed} of them {_was(completed)} completed{in_windows}."
    running = report.outcomes.get("running") or 0
    if running:
        yield f"{running} still {'runs' if running == 1 else 'run'}."
    if ended_early := report.mentorships - completed - running - report.replaced:
        yield f"{ended_early} ended before {'its' if ended_early == 1 else 'their'} time."


def _began(report: Report, settings: CohortSettings) -> str:
    first = report.mentorships - report.replaced
    began = f"{first} {'mentorship' if first == 1 else 'mentorships'} began"
    if report.classes:
        return f"{began} in {len(report.classes)} classes: {', '.join(report.classes)}."
    begins_on = format_weekday(settings.kickoff_day, settings.locale)
    ends_on = format_weekday(months_after(settings.kickoff_day, settings.timeline.months), settings.locale)
    return f"{began} on {begins_on}, to last until {ends_on}."


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def _over_time(figures: ReportFigures, side: Side) -> Iterator[Block]:
    if MilestoneKind.SELF_ASSESSMENT in figures.forms:
        yield Heading(level=2, text="Before and after")
        yield Paragraph(
            text="What the same people said of themselves at the start, half-way and at the end: those who answered at"
            " the start and at the end."
        )
        yield from figures.courses(MilestoneKind.SELF_ASSESSMENT, side, f"Means before and after, {side}s")
    if check_ins := list(figures.courses(MilestoneKind.CHECK_IN, side, f"Means at each check-in, {side}s")):
        yield Heading(level=2, text="Satisfaction on the way")
        yield from check_ins


def _participation(report: Report) -> Iterator[Block]:
    if not report.people:
        return
    yield Heading(level=2, text="Who took part")
    yield from people_blocks(report, "role_group", "Role")
    if report.groups:
        yield group_table(report)
    yield Heading(level=2, text="Where they work")
    yield Paragraph(
        text="In how many parts of the state they work is withheld: it would tell too much of single people."
        if report.covered is None
        else f"They work in {report.covered} of {len(REGIONS)} parts of the state."
    )
    yield from people_blocks(report, "region", "Part of the state", charted=True)
    yield from people_blocks(report, "pair", "Pairs")


def _about(figures: ReportFigures, form: MilestoneKind, heading: str, charted: tuple[str, ...] = ()) -> Iterator[Block]:
    if form in figures.forms:
        yield Heading(level=2, text=heading)
        yield from figures.choices(form, charted)


def _follow_ups(report: Report, settings: CohortSettings, figures: ReportFigures) -> Iterator[Block]:
    months = settings.timeline.follow_up_after_months
    if MilestoneKind.FOLLOW_UP in figures.forms:
        yield Heading(level=2, text="What lasted")
        yield Paragraph(text="What both sides said in the follow-ups that have closed so far.")
        yield from figures.choices(MilestoneKind.FOLLOW_UP)
        for side in Side:
            yield from figures.courses(MilestoneKind.FOLLOW_UP, side, f"Means some months later, {side}s")
    elif report.mentorships and months:
        listed = " and ".join(map(str, months)) + (" month" if months == (1,) else " months")
        yield Heading(level=2, text="What lasted")
        yield Paragraph(text=f"No follow-up has closed yet: they are asked {listed} after the end.")

"""Every table of every command at 80 columns: no id, date or other word is cut, however long names and ids are."""

import ast
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

import cli
from cli.applications import list as applications_list
from cli.applications import prospects
from cli.cohort import log, opportunities, resources, roles
from cli.cohort.tables import cohort_table, match_table, mentorship_table, settings_table
from cli.common.tables import facts_table, print_table, table_of
from cli.emails.outbox import bounces_table, stuck_table
from cli.kickoff import rsvp
from cli.links.keys import keys_table
from cli.matching.match_report import pairs_table
from cli.matching.proposal_tables import proposals_table
from cli.mentorship.tables import candidates_table, effect_table, progress_table, timeline_table
from cli.rehearsal.display import ledger, participant_emails, summary
from cli.report.tables import report_tables
from cli.server import doctor
from domain.kickoff.rsvp import Headcount
from rehearsal.participant_emails import emails_per_participant
from schemas.actor import Actor, ActorKind
from schemas.applications.imports import ApplicationRow
from schemas.applications.people import Person
from schemas.audit_event import AuditEvent
from schemas.cohort.campaigns import Prospect
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import FailingActivity
from schemas.cohort.opportunities import ListedOpportunity
from schemas.cohort.overview import (
    CohortDetails,
    MatchedPair,
    MatchRunDetails,
    MentorshipCounts,
    MentorshipOverview,
)
from schemas.cohort.resources import Resource
from schemas.cohort.roles import RoleHolder
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.emails.incoming import SoftBounced
from schemas.emails.messages import StuckEmail
from schemas.enums import (
    ApplicationStatus,
    CohortStage,
    EmailKind,
    EmailState,
    Outcome,
    Phase,
    Recipient,
    Side,
    StaffReason,
    WindowState,
    WindowStatus,
)
from schemas.kickoff.start import StartProgress
from schemas.matching.results import Alternative, Certificate, MatchResult, Pair, ReplacementCandidate, Unplaced
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from schemas.mentorship.terms import Pause
from schemas.mentorship.what_if import MovedEmail, WhatIf
from schemas.rehearsal import MentorshipRecord, PromiseRecord, QuarterRecord, RehearsalRecord
from schemas.report.figures import Report, WindowFigure
from services.applications.listing import ApplicationList
from services.applications.past_mentors import ProspectList
from services.audit import AuditLog
from services.kickoff.rsvps import RsvpOverview
from services.links import LinkKeyUse
from services.proposals import ProposalDetails, ProposalList, ProposalStatus, SideDetails
from services.roles import RoleList

COHORT = "minnesota-institute-for-leadership-2027x"
MENTORSHIP = f"{COHORT}-007"
MENTOR, MENTEE = "Mentor_with-an-id-of-32-characters"[:32], "Participant-whose-id-is-as-long-as"[:32]
NAMES = {
    MENTOR: "Bart Wolfeschlegelsteinhausenbergerdorff",
    MENTEE: "Anna Keihanaikukauakahihuliheekahaunaele",
}
DAY, LATER, AT = date(2027, 5, 14), date(2028, 11, 14), datetime(2027, 5, 14, 14, tzinfo=UTC)
SETTINGS = CohortSettings(
    id=COHORT,
    title="A class with a title that is longer than most",
    institute=Institute(venue="Sugar Lake Lodge and Conference Center", town="Cohasset", last_day=DAY),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="mentorship.subcommittee.chair@example.org"),
)


def _person(id_: str, side: Side) -> Person:
    return Person(
        id=id_, side=side, name=NAMES[id_], email="a@example.org", library="Library", town="Ely", role="Clerk"
    )


PAIR = MentorshipPair(
    mentorship_id=MENTORSHIP,
    cohort=SETTINGS,
    mentor=_person(MENTOR, Side.MENTOR),
    mentee=_person(MENTEE, Side.MENTEE),
    starts_on=DAY,
    ends_on=LATER,
)
EMAIL = Forecast(
    at=AT,
    to=Recipient.MENTEE,
    kind=EmailKind.CLOSING_CONVERSATION,
    why="no answer to closing conversation yet, 12 days left",
    if_nobody_replies="staff see it in the weekly digest after 2028-11-14",
)
MENTORSHIPS = [
    MentorshipOverview(
        id=MENTORSHIP,
        mentor=MENTOR,
        mentee=MENTEE,
        starts_on=DAY,
        ends_on=LATER,
        phase=Phase.NEGOTIATING,
        quarter=3,
        outcome=Outcome.MENTEE_WITHDREW,
        concerns=(StaffReason.CALL_REQUESTED, StaffReason.NO_FIRST_CONTACT),
        predecessor=None,
    )
]
RUN = MatchRunDetails(
    run=1,
    published=False,
    pairs=(MatchedPair(mentor=MENTOR, mentee=MENTEE, score=8700),),
    unplaced=(Unplaced(mentee=MENTEE, why="Every mentor who may be matched with them is taken."),),
)
RESULT = MatchResult(
    pairs=(
        Pair(
            mentor=MENTOR,
            mentee=MENTEE,
            score=8700,
            pinned=True,
            alternatives=(Alternative(mentor=MENTOR, score=100, program_cost=150),),
        ),
    ),
    unplaced=(),
    coverage=1,
    total=8700,
    worst=8700,
    objective="bands",
    certificate=Certificate(valid=True),
    inputs_sha256="",
)


def _answer(person: str) -> SideDetails:
    return SideDetails(person=person, commitment=None, at=None, reason=None, question="", took_back_application=False)


def _record() -> RehearsalRecord:
    quarters = tuple(
        QuarterRecord(
            number=number, opens_on=DAY, closes_on=LATER, mentor=WindowStatus.MET, mentee=WindowStatus.UNANSWERED
        )
        for number in range(1, 25)
    )
    played = MentorshipRecord(
        id=MENTORSHIP, mentor=MENTOR, mentee=MENTEE, score=8670, outcome=Outcome.MENTOR_WITHDREW, starts_on=DAY,
        ends_on=LATER, quarters=quarters, emails=(), responses=(), runs=1, events=10, actions=5,
    )  # fmt: skip
    promise = PromiseRecord(id="A22", says="six windows", held=False, evidence=f"{MENTORSHIP} has 5, until 2028-11-14")
    return RehearsalRecord(
        cohort=COHORT, seed=1, kickoff_on=DAY, seconds=1, people={}, unmatched=(), mentorships=(played,),
        staff_emails=(), promises=(promise,),
    )  # fmt: skip


def _shown() -> Iterator[tuple[object, RenderableType]]:
    """Yield what each function that makes tables makes of long ids and names."""
    yield settings_table, settings_table(CohortFolder(settings=SETTINGS, mentors=(), mentees=(), personas={}))
    details = CohortDetails(
        id=COHORT, title=SETTINGS.title, stage=CohortStage.MATCHING, kickoff_on=DAY, ends_on=LATER, next_due_at=AT,
        failing_activity=FailingActivity(activity="run_campaign", since=AT), workflow_answered=True, mentors=1,
        mentees=1, match_run=RUN, draft=None, starts=StartProgress(started=1, held_back=1),
        counts=MentorshipCounts(phases={}, concerns={}), mentorships=tuple(MENTORSHIPS), names=NAMES,
        time_zone="America/Chicago",
    )  # fmt: skip
    yield cohort_table, cohort_table(details)
    yield match_table, match_table(RUN, NAMES)
    yield mentorship_table, mentorship_table(MENTORSHIPS, NAMES)
    actor = Actor(kind=ActorKind.STAFF, name="somebody-with-a-long-name")
    event = AuditEvent(
        happened_at=AT, actor=actor, action="proposal_confirmed", cohort_id=COHORT, mentorship_id=MENTORSHIP,
        person_id=MENTEE, details={"mentor": MENTOR, "closes_on": "2027-05-14"},
    )  # fmt: skip
    yield log._table, log._table(AuditLog(cohort=COHORT, time_zone="America/Chicago", cut_off=False, events=(event,)))
    holder = RoleHolder(id=12, role="Chair", email="mentorship.chair@example.org", starts_on=DAY, ends_on=LATER)
    roles_of = RoleList(
        cohort=COHORT, on=DAY, role="Chair", email="mentorship.chair@example.org", number=12, holders=(holder,)
    )
    yield roles._table, roles._table(roles_of)
    opportunity = ListedOpportunity(
        id=12, area="involvement", taken_up=3, title="A seat on the board", closes_on=DAY,
        url="https://example.org/an/address/that/is/quite/long",
    )  # fmt: skip
    yield opportunities._table, opportunities._table((opportunity,))
    link = Resource(
        id=12, area="goal_setting", title="A guide to goals", about="How to make a goal small enough to begin.",
        url="https://example.org/an/address/that/is/quite/long",
    )  # fmt: skip
    yield resources._table, resources._table((link,))
    row = ApplicationRow(
        id=MENTOR, side=Side.MENTOR, status=ApplicationStatus.INELIGIBLE, complete=False, missing=3, began_at=AT,
        submitted_at=AT, name=NAMES[MENTOR],
    )  # fmt: skip
    listed = ApplicationList(
        cohort=COHORT, state=WindowState.OPEN, mentor_places=1, mentees=1, places_missing=0, applications=(row,)
    )
    yield applications_list._table, applications_list._table(listed, ZoneInfo("America/Chicago"))
    prospect = Prospect(cohort_id=COHORT, person_id=MENTOR, side=Side.MENTOR, name=NAMES[MENTOR])
    yield prospects._table, prospects._table(ProspectList(cohort=COHORT, prospects=(prospect,)))
    proposal = ProposalDetails(
        mentee=_answer(MENTEE), mentor=_answer(MENTOR), run=2, status=ProposalStatus.WAITING, proposed_at=AT,
        answer_by=AT,
    )  # fmt: skip
    yield (
        proposals_table,
        proposals_table(
            ProposalList(cohort=COHORT, asks=True, proposals=(proposal,), names=NAMES, time_zone="America/Chicago")
        ),
    )
    overview = RsvpOverview(
        cohort=COHORT, invited=1, yes=1, no=0, unsure=0, silent=0, half_days=(Headcount(half_day="friday_morning"),),
        guests=(), labels={"friday_morning": "The first morning, with everybody"},
    )  # fmt: skip
    yield rsvp._table, rsvp._table(overview)
    pause = Pause(from_on=DAY, until_on=LATER)
    progress = Progress(
        now=AT, phase=Phase.ENABLING, quarter=2, next_due_at=AT, ends_on=LATER, pauses=(pause,),
        waiting_for=("mentor:check_in-3",), concerns=(StaffReason.CALL_REQUESTED,),
    )  # fmt: skip
    yield progress_table, progress_table(PAIR, progress)
    yield timeline_table, timeline_table(PAIR, [EMAIL])
    moved = MovedEmail(email=EMAIL, before=AT)
    yield effect_table, effect_table(PAIR, WhatIf(ends_on_before=DAY, ends_on=LATER, added=(EMAIL,), moved=(moved,)))
    yield (
        candidates_table,
        candidates_table(MENTORSHIP, [ReplacementCandidate(mentor=MENTOR, score=7000, free=1)], NAMES),
    )
    stuck = StuckEmail(
        key=f"{MENTORSHIP}/closing_conversation/closing_conversation@2028-11-14/mentor/0", kind="closing_conversation",
        recipient="mentor", state=EmailState.UNDELIVERABLE, attempts=12, enqueued_at=AT, failure="5.1.1",
    )  # fmt: skip
    yield stuck_table, stuck_table("1 stuck", [stuck])
    bounced = SoftBounced(cohort_id=COHORT, person=MENTOR, bounces=3, failure="4.2.2")
    yield bounces_table, bounces_table([bounced])
    yield keys_table, keys_table([LinkKeyUse(key_id="0123456789abcdef", makes_new=False, is_set=True, links=1200)])
    yield pairs_table, pairs_table(RESULT)
    yield doctor.settings_table, doctor.settings_table({"MILE_DATABASE_URL": "postgresql://nobody@127.0.0.1:5432/mile"})
    yield summary, summary(_record())
    yield ledger, ledger(_record())
    told = emails_per_participant(_record().mentorships)
    yield participant_emails, participant_emails(_record().model_copy(update={"emails_per_participant": tuple(told)}))
    window = WindowFigure(number=1, mentorships=12, met=5, planned=2, not_yet=1, unanswered=4)
    report = Report(cohort_id=COHORT, mentorships=12, outcomes={"completed": 12}, windows=(window,), rates=(), items=())
    yield report_tables, Group(*report_tables(report))
    yield facts_table, facts_table(COHORT, {"A fact": MENTORSHIP})
    yield table_of, table_of(COHORT, "one")


SHOWN = dict(_shown())


@pytest.mark.parametrize("shown", SHOWN.values(), ids=[getattr(made_by, "__qualname__", "") for made_by in SHOWN])
@pytest.mark.parametrize("width", [80, 120])
def test_every_word_of_a_table_is_whole(shown: RenderableType, width: int) -> None:
    # Where a row is a paragraph, its headings are followed by a colon.
    words = {word.removesuffix(":") for word in _words(shown)}
    assert words
    assert words - {word.removesuffix(":") for word in _printed(shown, width).split()} == set()


def test_every_function_that_makes_a_table_is_here() -> None:
    makers = {f"{function.__module__}.{function.__name__}" for function in SHOWN}  # type: ignore[attr-defined]
    found = {
        f"cli.{'.'.join(file.relative_to(ROOT).with_suffix('').parts)}.{node.name}"
        for file in ROOT.rglob("*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.returns and _makes_table(node)
    }
    # The tables of a report are made one by one, and shown together; a cell is no table.
    parts = {name for name in found if name.startswith("cli.report.tables._")}
    assert found - parts - makers == {"cli.common.tables.fitted", "cli.common.tables._untitled"}


def test_no_command_prints_a_table_but_by_the_function_that_keeps_words_whole() -> None:
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "print":
                called = [ast.unparse(argument) for argument in node.args]
                assert not any("table" in name for name in called if "fitted" not in name), (file, called)


WORDS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=45)
CELLS = st.lists(WORDS, max_size=6).map(" ".join)


@given(st.integers(1, 7).flatmap(lambda columns: st.lists(st.tuples(*[CELLS] * columns), min_size=1, max_size=4)))
def test_whatever_is_in_a_table_stays_whole(rows: list[tuple[str, ...]]) -> None:
    table = table_of("A table", *(f"heading{number}" for number, _ in enumerate(rows[0])))
    for row in rows:
        table.add_row(*row)
    printed = set(_printed(table, 80).split())
    assert {word for row in rows for cell in row for word in cell.split()} <= printed


ROOT = Path(str(cli.__file__)).parent


def _makes_table(node: ast.FunctionDef) -> bool:
    returns = ast.unparse(node.returns) if node.returns else ""
    return returns in {"Table", "Table | str", "Group", "Iterator[Table]"} or node.name == "fitted"


def _words(shown: RenderableType) -> Iterator[str]:
    if isinstance(shown, Group):
        for part in shown.renderables:
            yield from _words(part)
    elif isinstance(shown, Table):
        yield from str(shown.title or "").split()
        for column in shown.columns:
            # A paragraph leaves out what is empty, with its heading.
            is_named = shown.show_header and any(map(str, column.cells))
            cells: Iterable[RenderableType] = [column.header, *column.cells] if is_named else column.cells
            for cell in cells:
                yield from (cell.plain if isinstance(cell, Text) else str(cell)).split()


def _printed(shown: RenderableType, width: int) -> str:
    console = Console(width=width, highlight=False, markup=False)
    with console.capture() as captured:
        print_table(shown, console)
    printed = captured.get()
    return "".join(" " if 0x2500 <= ord(char) < 0x2580 else char for char in printed)

"""The home page of staff: their classes, what needs them now, what leaves soon, and whether emails leave at all."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from domain.calendar import local_day
from domain.formatting import format_day
from domain.mentorship.concern_words import short_concerns
from domain.mentorship.digest import ORDER_OF_CONCERNS
from schemas.base import FrozenModel
from schemas.cohort.home import ComingMilestones, HomeClass, HomeConcern, LostDecision
from schemas.emails.messages import SenderStatus
from schemas.enums import ChangeKind, CohortStage, StaffAccess
from schemas.staff import StaffMember
from services.context import ServiceContext
from storage import outbox, staff_home

COMING_DAYS = 14
DECISIONS = {
    ChangeKind.PAUSE: "pause",
    ChangeKind.RESUME: "end of the pause",
    ChangeKind.EXTEND: "extension",
    ChangeKind.CADENCE: "new cadence",
    ChangeKind.END: "ending",
    ChangeKind.REPLACE: "change of mentor",
    ChangeKind.RESEND: "request to send emails again",
    ChangeKind.RESOLVE: "note that concerns are resolved",
}


class TaskKind(StrEnum):
    """What staff are needed for, most urgent first."""

    CONCERN = "concern"  # something about a mentorship
    LOST_DECISION = "lost_decision"  # what staff decided, and a restored backup does not know
    QUESTION = "question"  # people ask before they commit to a match
    DEAD_EMAILS = "dead_emails"  # emails that were given up
    ATTENDANCE = "attendance"  # who was at the kickoff
    PUBLISH = "publish"  # a draft waits to be published
    MATCH = "match"  # applications wait to be matched


class StaffTask(FrozenModel):
    """One thing that needs staff, in a sentence; what it is about is named by its class, and a concern's mentorship."""

    kind: TaskKind
    cohort_id: str
    words: str
    mentorship_id: str | None = None


class StaffClass(FrozenModel):
    """A class of somebody's: how many concerns are open is None for a reader, who sees figures only."""

    id: str
    title: str
    stage: CohortStage
    access: StaffAccess
    concerns: int | None


class StaffHome(FrozenModel):
    """What staff see first; ``mail_problem`` is a sentence, and empty where emails leave."""

    classes: tuple[StaffClass, ...]
    tasks: tuple[StaffTask, ...]
    coming: tuple[ComingMilestones, ...]
    mail_problem: str


async def staff_home_of(services: ServiceContext, member: StaffMember) -> StaffHome:
    """Return what somebody who is signed in sees first; seven statements, however many classes there are."""
    classes = await staff_home.classes(services.pool, member.access)
    seen = [one for one in classes if member.may(one.id, StaffAccess.COORDINATOR)]
    ids = [one.id for one in seen]
    today = {one.id: services.today(one.settings) for one in classes}
    concerns = [
        one
        for one in await staff_home.concerns(services.pool, ids)
        if one.look_again_on is None or one.look_again_on <= today[one.cohort_id]
    ]
    lost = await staff_home.lost_decisions(services.pool, ids)
    return StaffHome(
        classes=tuple(_class(member, one, concerns) for one in sorted(classes, key=_newest_first)),
        tasks=(*_tasks_of_mentorships(concerns), *_lost_decisions(seen, lost), *_tasks(seen)),
        coming=await _coming(services, seen),
        mail_problem=_mail_problem(await outbox.sender_status(services.pool)),
    )


def _newest_first(one: HomeClass) -> tuple[int, str]:
    return -one.settings.kickoff_day.toordinal(), one.id


def _class(member: StaffMember, one: HomeClass, concerns: list[HomeConcern]) -> StaffClass:
    reads_people = member.may(one.id, StaffAccess.COORDINATOR)
    return StaffClass(
        id=one.id,
        title=one.settings.title,
        stage=one.stage,
        access=member.access[one.id],
        concerns=sum(concern.cohort_id == one.id for concern in concerns) if reads_people else None,
    )


def _tasks_of_mentorships(concerns: list[HomeConcern]) -> Iterator[StaffTask]:
    for concern in sorted(concerns, key=lambda one: min(map(ORDER_OF_CONCERNS.index, one.concerns))):
        most_urgent_first = sorted(concern.concerns, key=ORDER_OF_CONCERNS.index)
        words = f"{concern.mentor} and {concern.mentee}: {short_concerns(most_urgent_first)}"
        yield StaffTask(
            kind=TaskKind.CONCERN, cohort_id=concern.cohort_id, words=words, mentorship_id=concern.mentorship_id
        )


def _lost_decisions(classes: list[HomeClass], lost: tuple[LostDecision, ...]) -> Iterator[StaffTask]:
    settings = {one.id: one.settings for one in classes}
    for one in lost:
        cohort = settings[one.cohort_id]
        day = format_day(local_day(one.at, cohort.time_zone), cohort.locale)
        words = f"{one.mentor} and {one.mentee}: a backup was restored without your {DECISIONS[one.kind]} of {day}"
        yield StaffTask(
            kind=TaskKind.LOST_DECISION,
            cohort_id=one.cohort_id,
            words=f"{words}; if it still holds, make it again, or else resolve it",
            mentorship_id=one.mentorship_id,
        )


def _tasks(classes: list[HomeClass]) -> Iterator[StaffTask]:
    found = [task for one in classes for task in _tasks_of(one)]
    yield from sorted(found, key=lambda task: list(TaskKind).index(task.kind))


def _tasks_of(one: HomeClass) -> Iterator[StaffTask]:
    def task(kind: TaskKind, words: str) -> StaffTask:
        return StaffTask(kind=kind, cohort_id=one.id, words=f"{one.settings.title}: {words}")

    if one.questions and not one.stage.started:
        asked = "1 match has a question" if one.questions == 1 else f"{one.questions} matches have questions"
        yield task(TaskKind.QUESTION, asked)
    if one.dead_emails:
        lost = "1 email was" if one.dead_emails == 1 else f"{one.dead_emails} emails were"
        yield task(TaskKind.DEAD_EMAILS, f"{lost} given up")
    if one.stage is CohortStage.STARTING:
        yield task(TaskKind.ATTENDANCE, "note who was at the kickoff, then let the mentorships start")
    has_draft = one.newest_run is not None and one.newest_run != one.published_run
    if has_draft and not one.stage.started:
        yield task(TaskKind.PUBLISH, f"match run {one.newest_run} is a draft; review it, and publish it")
    elif one.stage is CohortStage.MATCHING and one.newest_run is None:
        yield task(TaskKind.MATCH, "the applications can be matched")


async def _coming(services: ServiceContext, classes: list[HomeClass]) -> tuple[ComingMilestones, ...]:
    """Return what mentorships are asked from today on; classes of a rehearsal each have a day of their own."""
    by_day: dict[date, list[str]] = {}
    for one in classes:
        by_day.setdefault(services.today(one.settings), []).append(one.id)
    return tuple(
        [
            coming
            for day, ids in by_day.items()
            for coming in await staff_home.coming(services.pool, ids, day, day + timedelta(days=COMING_DAYS))
        ]
    )


def _mail_problem(status: SenderStatus | None) -> str:
    if status is None:
        return "No email has left yet: no worker has run."
    if status.paused_since:
        return f"No email leaves since {status.paused_since:%Y-%m-%d %H:%M} UTC: the mail server accepts none."
    if not status.is_at_work(datetime.now(UTC)):
        return f"No email leaves since {status.seen_at:%Y-%m-%d %H:%M} UTC: no worker runs. Tell the operator."
    return ""

"""One mentorship as staff see it: what waits for whom, what needs staff, what comes, and what has happened."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from domain.labels import label
from domain.mentorship.concern_words import short_concern
from schemas.base import FrozenModel
from schemas.emails.digests import PutOff
from schemas.emails.incoming import NotedReply
from schemas.enums import StaffAccess, StaffReason
from schemas.errors import MileError
from schemas.mentorship.state import Forecast, Progress
from services.mentorships.concerns import is_put_off
from services.mentorships.cost import count_cost
from services.mentorships.history import HistoryEntry, mentorship_history
from services.mentorships.lookup import get_progress, get_timeline
from services.replies import list_replies
from web.staff.console import MENTORSHIP, Console, StaffVisit
from web.staff.emails.addresses import EMAILS, email_part
from web.staff.mentorships.timeline_chart import TimelineChart, timeline_chart

# What staff do about a concern: the step, and what its link says.
_REMEDIES = {
    StaffReason.CALL_REQUESTED: ("resolve", "Call them, then note it"),
    StaffReason.NOT_UNDERSTOOD: ("resolve", "Ask the operator, then note it"),
    StaffReason.UNDELIVERABLE: ("contact", "Find the new address, and change it"),
    StaffReason.AGREEMENT_WAITING: ("resend", "Email the side that has not signed off on it"),
}
_ELSE = ("attend", "Ask both how it is going, and note when to look again")
# What is shown of what has happened, unless all is asked for.
NEWEST = 15
ACTIONS = (
    ("pause", "Pause"),
    ("resume", "Resume"),
    ("extend", "Extend"),
    ("cadence", "Change how often they meet"),
    ("resend", "Send emails again"),
    ("contact", "Change an address or a name"),
    ("reminders", "Stop or send reminders"),
    ("attend", "Look again later"),
    ("resolve", "Resolve what you dealt with"),
    ("replace", "Replace the mentor"),
    ("end", "End it early"),
    ("upgrade", "Use the newest version"),
    ("cost", "See what it costs in Temporal"),
)


# What can still be done once a mentorship is over: follow-ups are to come, and a mentor may be replaced afterwards.
_AFTER_THE_END = {"resend", "contact", "reminders", "replace", "cost"}


class ConcernAdvice(FrozenModel):
    """A concern in a few words, with the step about it."""

    words: str
    step: str
    advice: str


class WorkflowView(FrozenModel):
    """What only the workflow knows: ``problem`` says why it could not be asked."""

    progress: Progress | None = None
    timeline: tuple[Forecast, ...] = ()
    put_off: PutOff | None = None
    problem: str = ""


class MentorshipPage:
    """Shows one mentorship."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def routes(self) -> list[Route]:
        """Return the routes."""
        needed = StaffAccess.COORDINATOR
        return [
            self._console.route(MENTORSHIP, self.show, name="staff_mentorship", needed=needed),
            self._console.route(f"{MENTORSHIP}/cost", self.show_cost, name="staff_cost", needed=needed),
        ]

    async def show(self, visit: StaffVisit) -> Response:
        """Show it, also where no worker runs: then only what is stored."""
        view = await _ask_workflow(visit)
        history = await mentorship_history(visit.services, visit.mentorship)
        shows_all = "all" in visit.request.query_params
        replies: tuple[NotedReply, ...] = await list_replies(visit.services, visit.mentorship.mentorship_id)
        return await self._console.show(
            visit,
            "staff_mentorship.html",
            pair=visit.mentorship,
            view=view,
            concerns=[_concern(reason) for reason in view.progress.concerns] if view.progress else [],
            waiting_for=[_awaited(visit, item) for item in view.progress.waiting_for] if view.progress else [],
            replies=replies,
            history=history if shows_all else history[:NEWEST],
            email_path=lambda key: f"{visit.path(EMAILS)}/one/{email_part(key)}",
            older=0 if shows_all else len(history[NEWEST:]),
            chart=_chart(visit, view, history),
            actions=[(visit.path(f"{MENTORSHIP}/{name}"), words) for name, words in ACTIONS if _applies(name, view)],
            base=visit.path(MENTORSHIP),
        )

    async def show_cost(self, visit: StaffVisit) -> Response:
        """Say what it costs in Temporal."""
        cost = await count_cost(visit.services, visit.mentorship)
        return await self._console.notice(
            visit, "What this mentorship costs in Temporal", f"{cost.describe()}.", back=visit.path(MENTORSHIP)
        )


async def _ask_workflow(visit: StaffVisit) -> WorkflowView:
    try:
        progress = await get_progress(visit.services, visit.mentorship)
        timeline = await get_timeline(visit.services, visit.mentorship)
    except MileError as error:
        return WorkflowView(problem=str(error))
    put_off = await is_put_off(visit.services, visit.mentorship)
    return WorkflowView(progress=progress, timeline=tuple(timeline), put_off=put_off)


def _chart(visit: StaffVisit, view: WorkflowView, history: Sequence[HistoryEntry]) -> TimelineChart:
    pair, progress = visit.mentorship, view.progress
    return timeline_chart(
        history,
        view.timeline,
        progress.pauses if progress else (),
        starts_on=pair.starts_on,
        ends_on=(progress and progress.ends_on) or pair.ends_on,
        now=progress.now if progress else visit.services.now(pair.mentorship_id),
        zone=visit.cohort.time_zone,
    )


def _applies(action: str, view: WorkflowView) -> bool:
    return action in _AFTER_THE_END or not (view.progress and view.progress.outcome)


def _concern(reason: StaffReason) -> ConcernAdvice:
    step, advice = _REMEDIES.get(reason, _ELSE)
    return ConcernAdvice(words=short_concern(reason), step=step, advice=advice)


def _awaited(visit: StaffVisit, item: str) -> str:
    """Say whom something waits for and what it is, such as ``Ada Lund: check-in 1``."""
    side, _, milestone = item.partition(":")
    person = next(person for person in (visit.mentorship.mentor, visit.mentorship.mentee) if person.side == side)
    return f"{person.name}: {label(milestone)}"

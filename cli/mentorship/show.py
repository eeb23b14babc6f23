"""``mile mentorship …``: one mentorship's progress, staff's changes to it, and its cost in Temporal."""

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, print_json, staff_actor
from cli.common.tables import print_table
from cli.mentorship.options import MentorshipId
from cli.mentorship.session import with_mentorship
from cli.mentorship.tables import progress_table, timeline_table
from schemas.base import FrozenModel
from schemas.emails.digests import PutOff
from schemas.emails.incoming import NotedReply
from schemas.mentorship.responses import MentorshipPair
from schemas.mentorship.state import Forecast, Progress
from services.context import ServiceContext
from services.mentorships.concerns import is_put_off
from services.mentorships.cost import count_cost
from services.mentorships.lookup import get_progress, get_timeline, upgrade
from services.replies import list_replies


class MentorshipStatus(Progress):
    """Where a mentorship stands, until when staff put its concerns off, and the newest replies to its emails."""

    replies: tuple[NotedReply, ...] = ()
    put_off: PutOff | None = None


class Timeline(FrozenModel):
    """Every email a mentorship will still send if nobody replies."""

    mentorship: str
    emails: tuple[Forecast, ...]


def show_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """Show a mentorship's status and what it waits for."""
    pair, status = with_mentorship(mentorship, folder, _status)
    if as_json:
        print_json(status)
    else:
        print_table(progress_table(pair, status, status.replies, status.put_off))


def timeline_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the emails that will still be sent if nobody replies, and why."""
    pair, emails = with_mentorship(mentorship, folder, get_timeline)
    if as_json:
        print_json(Timeline(mentorship=mentorship, emails=tuple(emails)))
    else:
        print_table(timeline_table(pair, emails))


def upgrade_command(mentorship: MentorshipId, folder: Folder = LOCAL_FOLDER) -> None:
    """Continue a mentorship in a new workflow run, so that it uses the newest version of the service."""
    with_mentorship(mentorship, folder, _upgrade)
    print(f"{mentorship} continues in a new run as soon as a worker runs.")


def cost_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """Count a mentorship's runs, events and billed actions in Temporal."""
    _, cost = with_mentorship(mentorship, folder, count_cost)
    if as_json:
        print_json(cost)
    else:
        print(cost.describe())


async def _status(services: ServiceContext, pair: MentorshipPair) -> MentorshipStatus:
    progress = await get_progress(services, pair)
    return MentorshipStatus(
        **progress.model_dump(),
        replies=await list_replies(services, pair.mentorship_id),
        put_off=await is_put_off(services, pair),
    )


async def _upgrade(services: ServiceContext, pair: MentorshipPair) -> None:
    await upgrade(services, staff_actor(), pair)

"""The keys of links, and revoking links, because someone else may have them or the key they were made with."""

from emails.links import LinkKeys
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.errors import Refusal
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import cohorts, links
from storage.database import rolled_back
from storage.links import RevokedLinks

NEWEST_KEY = (
    "New links are made with this key. Put another one before it in MILE_LINK_SECRET, restart workers and pages, and "
    "then revoke it."
)


class LinkKeyUse(FrozenModel):
    """A key of links by its id: whether it makes new ones, repeats old ones, and how many links it still opens."""

    key_id: str | None
    makes_new: bool
    is_set: bool
    links: int


async def list_keys(context: ServiceContext) -> tuple[LinkKeyUse, ...]:
    """Return the keys of the settings, the newest first, then those that are only known from links."""
    ours = [key.id for key in LinkKeys(context.settings).all]
    counts = await links.count_by_key(context.pool)
    others = [key_id for key_id in counts if key_id not in ours]
    return tuple(
        LinkKeyUse(key_id=key_id, makes_new=key_id == ours[0], is_set=key_id in ours, links=counts.get(key_id, 0))
        for key_id in (*ours, *others)
    )


class LinkSelection(FrozenModel):
    """Which links: of a cohort, of one of its people, of a key, or all where nothing is named."""

    cohort_id: str | None = None
    person_id: str | None = None
    key_id: str | None = None


class RevocationResult(StepResult):
    """Which links were revoked, or would be."""

    revoked: tuple[RevokedLinks, ...]


async def preview_revocation(context: ServiceContext, selection: LinkSelection) -> RevocationResult:
    """Return which links would stop working and what that does to people; raises Refusal as the step does."""
    await _check(context, selection)
    async with rolled_back(context.pool) as db:
        revoked = await links.revoke(db, **selection.model_dump())
    changes = tuple(_sentences(revoked)) if revoked else ()
    return RevocationResult(done=False, revoked=revoked, preview=Preview(changes=changes))


async def revoke_links(
    context: ServiceContext, actor: Actor, selection: LinkSelection, *, note: str
) -> RevocationResult:
    """Revoke links; the note says why in the audit log of each cohort. A second run changes nothing.

    Raises Refusal for the key that new links are made with, and UnknownCohort.
    """
    await _check(context, selection)
    async with context.pool.acquire() as db, db.transaction():
        revoked = await links.revoke(db, **selection.model_dump())
        for cohort_id in sorted({one.cohort_id for one in revoked}):
            count = sum(one.links for one in revoked if one.cohort_id == cohort_id)
            await context.audit_in(
                db,
                actor,
                "links_revoked",
                cohort_id,
                None,
                selection.person_id,
                links=count,
                key=selection.key_id,
                note=note,
            )
    return RevocationResult(done=True, revoked=revoked)


async def _check(context: ServiceContext, selection: LinkSelection) -> None:
    if selection.key_id == LinkKeys(context.settings).find(None).id:
        raise Refusal(NEWEST_KEY)
    if selection.cohort_id is not None:
        await cohorts.cohort_settings(context.pool, selection.cohort_id)


def _sentences(revoked: tuple[RevokedLinks, ...]) -> list[str]:
    people = {(one.cohort_id, person) for one in revoked for person in one.people}
    links_of = {kind: sum(one.links for one in revoked if one.kind == kind) for kind in _KINDS}
    counts = ", ".join(f"{count} {_KINDS[kind]}" for kind, count in links_of.items() if count)
    sentences = [
        f"These links of {len(people)} {'person' if len(people) == 1 else 'people'} would stop working: {counts}.",
        "Whoever opens one would see that it does not work. Nobody would be emailed, and no answer would be lost.",
    ]
    if any(count for kind, count in links_of.items() if kind != _CALENDAR):
        sentences.append(
            "The next email to each of them would have a new link. Until then, they get one on the page /links, or you "
            "send them again what waits for an answer."
        )
    if links_of[_CALENDAR]:
        sentences.append("No email has a calendar address: whoever wants one again makes it on their own page.")
    return sentences


# Its owner made it on their own page, so no email brings another one.
_CALENDAR = "calendar"
_KINDS = {
    "milestone": "to milestones",
    "personal": "to people’s own pages",
    "reminders": "to pause reminders",
    "address": "about changed addresses",
    _CALENDAR: "to private calendars",
}

"""What the weekly digest tells staff: what is new, what got worse, and what they wanted to look at again.

A concern that is as it was when a digest last told it is only counted. Concerns with one cause are told as one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from domain.calendar import local_day
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import Concern, ConcernKey, Digest, DigestItem, PutOff, ToldConcern
from schemas.enums import DigestNews, StaffReason

# The most pressing first.
ORDER_OF_CONCERNS = (
    StaffReason.CALL_REQUESTED,
    StaffReason.NOT_UNDERSTOOD,
    StaffReason.UNDELIVERABLE,
    StaffReason.SILENT,
    StaffReason.NO_FIRST_CONTACT,
    StaffReason.NO_AGREEMENT,
    StaffReason.AGREEMENT_WAITING,
)
# What a pair leaves open has one cause: the two are not in touch, or our emails do not reach them.
_OWN_CAUSE = {StaffReason.CALL_REQUESTED, StaffReason.NOT_UNDERSTOOD}
# For so many days after the day since when: then it got worse, and the digest says how long it lasts.
_WORSE_AFTER: dict[StaffReason, tuple[tuple[int, str], ...]] = {
    StaffReason.CALL_REQUESTED: ((7, "a week"), (28, "four weeks"), (91, "three months")),
    StaffReason.NOT_UNDERSTOOD: ((28, "four weeks"),),
    StaffReason.UNDELIVERABLE: ((28, "four weeks"), (91, "three months"), (182, "six months")),
    StaffReason.NO_FIRST_CONTACT: ((28, "four weeks"), (91, "three months")),
    StaffReason.NO_AGREEMENT: ((91, "three months"), (182, "six months"), (364, "a year")),
    StaffReason.AGREEMENT_WAITING: ((56, "eight weeks"), (182, "six months")),
}
# Silence begins with the first of two check-ins, and each further one makes it worse. A month is counted as 31 days, so
# that the check-in has closed.
_CHECK_INS = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_DAYS_A_MONTH = 31
AGREEMENT_WAITS_AT_LEAST = timedelta(days=14)


class _Judged(FrozenModel):
    """A concern with its level now, and what there is to tell of it; None where it is as it was, or put off.

    ``known`` says that a digest told it before.
    """

    concern: Concern
    level: int
    known: bool
    news: DigestNews | None = None
    put_off: bool = False
    note: str = ""


def make_digest(
    concerns: Iterable[Concern],
    told: Iterable[ToldConcern],
    put_off: Iterable[PutOff],
    settings: CohortSettings,
    at: datetime,
) -> Digest:
    """Return the digest of a moment; ``told`` and ``put_off`` are the last of each concern and of each mentorship."""
    last_told = {each.key: each for each in told}
    until = {each.mentorship_id: each for each in put_off}
    judged = [_judge(each, last_told, until, settings, at) for each in concerns]
    causes = [list(group) for _, group in groupby(sorted(judged, key=_by_cause), key=_cause)]
    items = [item for cause in causes if (item := _item(cause, settings, at))]
    return Digest(
        items=tuple(sorted(items, key=_by_news)),
        as_before=_count(causes, put_off=False),
        put_off=_count(causes, put_off=True),
        told=tuple(_told(each, at) for cause in causes if _news(cause) for each in cause if not each.put_off),
    )


def _judge(
    concern: Concern,
    last_told: Mapping[ConcernKey, ToldConcern],
    until: Mapping[str, PutOff],
    settings: CohortSettings,
    at: datetime,
) -> _Judged:
    last, later = last_told.get(concern.key), until.get(concern.mentorship_id)
    judged = _Judged(concern=concern, level=len(list(_passed(concern, settings, at))), known=last is not None)
    # What came up after staff put off the rest is told like anything else.
    if later and later.put_off_at >= concern.raised_at:
        if local_day(at, settings.time_zone) < later.look_again_on:
            return judged.model_copy(update={"put_off": True})
        if last is None or local_day(last.told_at, settings.time_zone) < later.look_again_on:
            return judged.model_copy(update={"news": DigestNews.LOOK_AGAIN, "note": later.note})
    if last is None:
        return judged.model_copy(update={"news": DigestNews.NEW})
    return judged.model_copy(update={"news": DigestNews.WORSE}) if judged.level > last.level else judged


def _passed(concern: Concern, settings: CohortSettings, at: datetime) -> Iterator[str]:
    """Yield the durations that a concern has lasted, the shortest first; each is one level."""
    today = local_day(at, settings.time_zone)
    lasting = today - (concern.since or local_day(concern.raised_at, settings.time_zone))
    for days, words in _durations(concern.reason, settings):
        if lasting >= timedelta(days=days):
            yield words


def _durations(reason: StaffReason, settings: CohortSettings) -> Iterator[tuple[int, str]]:
    if reason is not StaffReason.SILENT:
        yield from _WORSE_AFTER[reason]
        return
    window = settings.timeline.check_in_every_months * _DAYS_A_MONTH
    for number, words in enumerate(_CHECK_INS, start=2):
        yield number * window, f"{words} check-ins"


def _item(cause: list[_Judged], settings: CohortSettings, at: datetime) -> DigestItem | None:
    news = _news(cause)
    if news is None:
        return None
    shown = [each for each in cause if not each.put_off]
    return DigestItem(
        news=news,
        concerns=tuple(each.concern for each in shown),
        lasting=["", *_passed(shown[0].concern, settings, at)][-1],
        note=next((each.note for each in shown if each.note), ""),
    )


def _news(cause: list[_Judged]) -> DigestNews | None:
    """Return what there is to tell of a cause; what is added to what staff know makes it worse."""
    shown = [each for each in cause if not each.put_off]
    news = {each.news for each in shown}
    if DigestNews.LOOK_AGAIN in news:
        return DigestNews.LOOK_AGAIN
    if DigestNews.NEW in news:
        return DigestNews.WORSE if any(each.known for each in cause) else DigestNews.NEW
    # Only for how long the first one lasts is told, so only that can be news.
    return DigestNews.WORSE if shown and shown[0].news else None


def _count(causes: Iterable[list[_Judged]], *, put_off: bool) -> int:
    """Return of how many mentorships a cause is as it was, or is put off; those with news are not counted."""
    silent = {
        (cause[0].concern.mentorship_id, any(each.put_off for each in cause)) for cause in causes if not _news(cause)
    }
    return sum(later is put_off for _, later in silent)


def _told(judged: _Judged, at: datetime) -> ToldConcern:
    mentorship_id, reason, raised_at = judged.concern.key
    return ToldConcern(mentorship_id=mentorship_id, reason=reason, raised_at=raised_at, level=judged.level, told_at=at)


def _cause(judged: _Judged) -> tuple[str, str]:
    reason = judged.concern.reason
    return judged.concern.mentorship_id, str(reason) if reason in _OWN_CAUSE else ""


def _by_cause(judged: _Judged) -> tuple[tuple[str, str], int]:
    return _cause(judged), ORDER_OF_CONCERNS.index(judged.concern.reason)


def _by_news(item: DigestItem) -> tuple[int, int, date, str]:
    first = item.concerns[0]
    order = (DigestNews.NEW, DigestNews.WORSE, DigestNews.LOOK_AGAIN)
    return order.index(item.news), ORDER_OF_CONCERNS.index(first.reason), first.since or date.max, first.mentorship_id

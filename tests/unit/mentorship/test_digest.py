"""What a weekly digest tells: new, worse, wanted again; once for each cause, and never the same twice."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.mentorship.digest import ORDER_OF_CONCERNS, make_digest
from emails.kinds.staff_digest.context import staff_digest
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, SITE
from schemas.emails.digests import Concern, Digest, PutOff, ToldConcern
from schemas.emails.messages import QueuedEmail
from schemas.enums import DigestNews, EmailKind, Recipient, StaffReason

# A Monday at nine in the morning.
START = datetime(2019, 6, 3, 14, tzinfo=UTC)
CALL, BAD_ADDRESS, SILENT = StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.SILENT
NO_CONTACT, NO_AGREEMENT = StaffReason.NO_FIRST_CONTACT, StaffReason.NO_AGREEMENT


def concern(reason: StaffReason, number: int = 7, *, weeks: int = 0, raised_before: bool = False) -> Concern:
    """Raise a concern three days before the digest of a week."""
    raised_at = START + timedelta(weeks=weeks, days=-3)
    # Silence begins with the first of the two check-ins that nobody answered.
    since = raised_at.date() - (timedelta(days=92) if reason is SILENT else timedelta(0))
    return Concern(
        mentorship_id=f"mile-2019-{number:03}",
        mentor=f"Mentor {'abcdefgh'[number % 8]}",
        mentee="Somebody Else",
        reason=reason,
        raised_at=raised_at,
        since=since,
        raised_before=raised_before,
    )


def digests(concerns: Sequence[Concern], weeks: int, *put_off: PutOff) -> list[Digest]:
    """Return the digests of so many weeks, each with the memory of those before."""
    told: dict[object, ToldConcern] = {}
    made = []
    for week in range(weeks):
        at = START + timedelta(weeks=week)
        raised = [each for each in concerns if each.raised_at <= at]
        later = [each for each in put_off if each.put_off_at < at]
        made.append(make_digest(raised, told.values(), later, SAMPLE_COHORT, at))
        told |= {each.key: each for each in made[-1].told}
    return made


def news(made: Sequence[Digest]) -> dict[int, list[tuple[DigestNews, list[StaffReason]]]]:
    """Return what is told, by week."""
    return {
        week: [(item.news, [each.reason for each in item.concerns]) for item in digest.items]
        for week, digest in enumerate(made)
        if digest.items
    }


def text(digest: Digest, at: datetime) -> str:
    queued = QueuedEmail(
        key="k", kind=EmailKind.STAFF_DIGEST, scope_id=SAMPLE_COHORT.id, to=Recipient.STAFF, at=at, now=at
    )
    rendered = render(staff_digest(queued, SAMPLE_COHORT, digest, SITE))
    return re.sub(r"\d", "", rendered.subject + rendered.text)


def test_what_is_as_it_was_is_only_counted() -> None:
    made = digests([concern(NO_AGREEMENT), concern(NO_AGREEMENT, 8, weeks=1)], 3)
    assert news(made) == {0: [(DigestNews.NEW, [NO_AGREEMENT])], 1: [(DigestNews.NEW, [NO_AGREEMENT])]}
    assert [(digest.mentorships, digest.as_before) for digest in made] == [(1, 0), (1, 1), (0, 2)]


def test_a_call_that_nobody_made_is_told_again_after_a_week_a_month_and_a_quarter() -> None:
    made = digests([concern(CALL)], 80)
    assert list(news(made)) == [0, 1, 4, 13]
    assert [digest.items[0].lasting for digest in made if digest.items] == ["", "a week", "four weeks", "three months"]


def test_silence_gets_worse_with_each_further_check_in() -> None:
    made = digests([concern(SILENT)], 60)
    told = {week: digest.items[0].lasting for week, digest in enumerate(made) if digest.items}
    assert list(told.values()) == ["", "three check-ins", "four check-ins", "five check-ins", "six check-ins"]
    # The check-ins close on the last days of August, November, February and May.
    closed_on = (date(2019, 8, 31), date(2019, 11, 30), date(2020, 2, 29), date(2020, 5, 31))
    for closed, week in zip(closed_on, list(told)[1:], strict=True):
        assert timedelta(0) < (START + timedelta(weeks=week)).date() - closed < timedelta(days=14)


def test_one_cause_is_told_as_one_concern_and_a_call_by_itself() -> None:
    made = digests([concern(reason) for reason in (CALL, SILENT, NO_CONTACT, NO_AGREEMENT, BAD_ADDRESS)], 1)
    assert news(made) == {
        0: [(DigestNews.NEW, [CALL]), (DigestNews.NEW, [BAD_ADDRESS, SILENT, NO_CONTACT, NO_AGREEMENT])]
    }
    assert made[0].mentorships == 1


def test_what_is_added_to_a_known_cause_makes_it_worse() -> None:
    made = digests([concern(NO_CONTACT), concern(NO_AGREEMENT, weeks=3)], 4)
    assert news(made) == {0: [(DigestNews.NEW, [NO_CONTACT])], 3: [(DigestNews.WORSE, [NO_CONTACT, NO_AGREEMENT])]}


def test_what_comes_up_after_staff_put_off_the_rest_is_told_at_once() -> None:
    put_off = PutOff(
        mentorship_id="mile-2019-007",
        put_off_at=START + timedelta(days=1),
        look_again_on=date(2019, 7, 1),
        note="Ruth calls them.",
    )
    made = digests([concern(NO_CONTACT), concern(CALL, weeks=2)], 5, put_off)
    assert news(made) == {
        0: [(DigestNews.NEW, [NO_CONTACT])],
        2: [(DigestNews.NEW, [CALL])],
        3: [(DigestNews.WORSE, [CALL])],
        4: [(DigestNews.LOOK_AGAIN, [NO_CONTACT])],
    }
    assert [digest.put_off for digest in made] == [0, 1, 1, 1, 0]


@given(
    st.lists(
        st.tuples(st.sampled_from(ORDER_OF_CONCERNS), st.integers(0, 3), st.integers(0, 40)),
        max_size=8,
        unique_by=lambda each: each[:2],
    )
)
def test_no_digest_says_the_same_as_the_one_before(raised: list[tuple[StaffReason, int, int]]) -> None:
    made = digests([concern(reason, number, weeks=weeks) for reason, number, weeks in raised], 60)
    texts = [text(digest, START + timedelta(weeks=week)) for week, digest in enumerate(made) if digest.items]
    assert all(before != after for before, after in pairwise(texts))
    # Each concern is told, whatever else there is.
    told = {each.key for digest in made for each in digest.told}
    assert len(told) == len(raised)

"""The 18 months of MILE 2019, as they were lived in a rehearsal."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from schemas.words import EmailKind, Outcome, StaffReason, WindowStatus

if TYPE_CHECKING:
    from tests.journey.conftest import Played


def test_a6_every_mentorship_is_closed_18_months_after_kickoff(played: "Played") -> None:
    assert len(played.record.mentorships) == 12
    for mentorship in played.record.mentorships:
        assert mentorship.starts_on == date(2019, 5, 10)
        assert mentorship.ends_on == date(2020, 11, 10)
        assert mentorship.outcome is Outcome.COMPLETED


def test_a22_every_mentorship_has_six_windows_of_three_months(played: "Played") -> None:
    months = [(2019, 5), (2019, 8), (2019, 11), (2020, 2), (2020, 5), (2020, 8), (2020, 11)]
    edges = [date(year, month, 10) for year, month in months]
    for mentorship in played.record.mentorships:
        assert [window.number for window in mentorship.quarters] == [1, 2, 3, 4, 5, 6]
        assert [window.opens_on for window in mentorship.quarters] == edges[:-1]
        assert [window.closes_on for window in mentorship.quarters] == edges[1:]


def test_automatic_emails_keep_office_hours_on_both_sides_of_daylight_saving(played: "Played") -> None:
    emails = [email for one in played.record.mentorships for email in one.emails if email.automatic]
    offsets = {email.at.utcoffset() for email in emails}
    assert offsets == {timedelta(hours=-5), timedelta(hours=-6)}
    assert {f"{email.at:%H:%M:%S}" for email in emails} == {"09:00:00"}
    assert max(email.at.weekday() for email in emails) <= 4
    assert not {date(2019, 11, 11), date(2020, 1, 20), date(2020, 5, 25)} & {email.at.date() for email in emails}


def test_every_email_left_within_minutes_of_the_moment_it_was_due(played: "Played") -> None:
    late = {row["key"]: row["sent_at"] - row["due_at"] for row in played.outbox}
    assert min(late.values()) >= timedelta(0)
    assert max(late.values()) < timedelta(minutes=5)


def test_nothing_was_found_wrong(played: "Played") -> None:
    assert played.record.problems == ()
    assert played.record.unmatched == ()


def test_silent_participant_is_recorded_as_unanswered(played: "Played") -> None:
    mentorship, side = played.acted_by("P05")
    assert {getattr(window, side) for window in mentorship.quarters} == {WindowStatus.UNANSWERED}
    assert not [response for response in mentorship.responses if response.side is side]


def test_participant_who_clicks_twice_counts_once(played: "Played") -> None:
    mentorship, side = played.acted_by("P08")
    own = [row for row in played.responses if row["mentorship_id"] == mentorship.id and row["side"] == side]
    assert len(own) >= 6
    assert {row["revision"] for row in own} == {1}
    assert max(Counter(row["id"] for row in own).values()) == 1


def test_scanner_that_opens_every_link_changes_nothing(played: "Played") -> None:
    mentorship, side = played.acted_by("P11")
    assert len([email for email in mentorship.emails if email.to == side.value]) > 15
    assert not [row for row in played.responses if row["mentorship_id"] == mentorship.id and row["side"] == side]
    assert {getattr(window, side) for window in mentorship.quarters} == {WindowStatus.UNANSWERED}


def test_a34_a_wish_to_be_called_reaches_staff_at_once_and_only_staff(played: "Played") -> None:
    mentorship, side = played.acted_by("P03")
    notes = [note for note in played.record.staff_emails if StaffReason.CALL_REQUESTED in note.key]
    assert [note.automatic for note in notes] == [False]
    asked = min(
        response.at for response in mentorship.responses if response.form == "check_in" and response.side is side
    )
    assert notes[0].at == asked
    sent = next(row for row in played.outbox if row["key"] == notes[0].key)
    assert sent["sent_at"] - asked < timedelta(hours=1)
    assert not [email for email in mentorship.emails if "call" in email.subject.lower()]


def test_staff_learn_that_the_report_is_ready(played: "Played") -> None:
    last = played.record.staff_emails[-1]
    assert (last.kind, f"{last.at:%Y-%m-%d %H:%M}") == (EmailKind.STAFF_NOTE, "2020-12-02 09:00")


def test_a_mentorship_stays_far_below_the_limits_of_the_engine(played: "Played") -> None:
    for mentorship in played.record.mentorships:
        assert mentorship.runs == 7
        assert mentorship.events < 1500
        assert mentorship.actions < 250

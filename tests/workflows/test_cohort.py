"""The 18 months of MILE 2019, as a rehearsal simulates them."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from schemas.enums import EmailKind, MilestoneKind, Outcome, StaffReason, WindowStatus
from schemas.rehearsal import ChangeRecord, MentorshipRecord

if TYPE_CHECKING:
    from tests.workflows.conftest import Simulated


# What staff heard in person, and what followed: two months of leave, a mentee and a mentor who leave.
PAUSED, MENTEE_LEFT, MENTOR_LEFT = "P04", "P07", "M14"


def _undisturbed(simulated: "Simulated") -> list[MentorshipRecord]:
    return [one for one in simulated.record.mentorships if not one.changes and one.predecessor is None]


def test_a6_every_mentorship_nobody_changed_is_closed_18_months_after_kickoff(simulated: "Simulated") -> None:
    assert (len(simulated.record.mentorships), len(_undisturbed(simulated))) == (13, 9)
    for mentorship in _undisturbed(simulated):
        assert mentorship.starts_on == date(2019, 5, 10)
        assert mentorship.ends_on == date(2020, 11, 10)
        assert mentorship.outcome is Outcome.COMPLETED


def test_a3_mentee_who_did_not_come_was_not_started(simulated: "Simulated") -> None:
    people = {person for one in simulated.record.mentorships for person in (one.mentor, one.mentee)}
    assert "P13" in {mentee.id for mentee in simulated.folder.mentees} - people
    assert not [row for row in simulated.outbox if "P13" in row["scope_id"] and row["kind"] == EmailKind.WELCOME]


def test_a6_pause_puts_off_the_end_by_its_length(simulated: "Simulated") -> None:
    mentorship, _ = simulated.acted_by(PAUSED)
    assert mentorship.changes == (ChangeRecord(change="pause", from_on=date(2020, 1, 6), until_on=date(2020, 3, 6)),)
    assert (mentorship.ends_on, mentorship.outcome) == (date(2021, 1, 9), Outcome.COMPLETED)
    assert not [
        one for one in mentorship.emails if one.automatic and date(2020, 1, 6) <= one.at.date() < date(2020, 3, 6)
    ]


def test_a25_mentee_whose_mentor_left_goes_on_with_another(simulated: "Simulated") -> None:
    left, _ = simulated.acted_by(MENTOR_LEFT)
    successor = next(one for one in simulated.record.mentorships if one.predecessor == left.id)
    assert (left.outcome, left.ends_on, left.successor) == (
        Outcome.MENTOR_WITHDREW,
        date(2019, 10, 2),
        successor.id,
    )
    assert (successor.mentee, successor.starts_on, successor.ends_on) == (left.mentee, left.ends_on, date(2020, 11, 10))
    assert successor.outcome is Outcome.COMPLETED
    taken_over, own = successor.agreement[0], successor.agreement[-1]
    assert (taken_over.written_by, taken_over.in_force_since) == (None, None)
    assert own.in_force_since is not None


def test_a25_mentorship_ends_on_the_day_the_mentee_leaves(simulated: "Simulated") -> None:
    mentorship, _ = simulated.acted_by(MENTEE_LEFT)
    assert (mentorship.outcome, mentorship.ends_on) == (Outcome.MENTEE_WITHDREW, date(2020, 2, 3))
    assert max(email.at.date() for email in mentorship.emails) == date(2020, 2, 3)


def test_a26_pair_that_negotiates_agrees_to_its_third_version(simulated: "Simulated") -> None:
    mentorship, _ = simulated.acted_by("P10")
    assert [version.in_force_since is not None for version in mentorship.agreement] == [False, False, True]


def test_every_promise_a_rehearsal_can_show_is_held(simulated: "Simulated") -> None:
    assert [one for one in simulated.record.promises if not one.held] == []
    assert [one.id for one in simulated.record.promises_not_shown] == ["B7"]


def test_a22_every_mentorship_has_six_windows_of_three_months(simulated: "Simulated") -> None:
    months = [(2019, 5), (2019, 8), (2019, 11), (2020, 2), (2020, 5), (2020, 8), (2020, 11)]
    edges = [date(year, month, 10) for year, month in months]
    for mentorship in _undisturbed(simulated):
        assert [window.number for window in mentorship.quarters] == [1, 2, 3, 4, 5, 6]
        assert [window.opens_on for window in mentorship.quarters] == edges[:-1]
        assert [window.closes_on for window in mentorship.quarters] == edges[1:]


def test_automatic_emails_keep_office_hours_on_both_sides_of_daylight_saving(simulated: "Simulated") -> None:
    emails = [email for one in simulated.record.mentorships for email in one.emails if email.automatic]
    offsets = {email.at.utcoffset() for email in emails}
    assert offsets == {timedelta(hours=-5), timedelta(hours=-6)}
    assert {f"{email.at:%H:%M:%S}" for email in emails} == {"09:00:00"}
    assert max(email.at.weekday() for email in emails) <= 4
    assert not {date(2019, 11, 11), date(2020, 1, 20), date(2020, 5, 25)} & {email.at.date() for email in emails}


def test_every_email_left_within_minutes_of_the_moment_it_was_due(simulated: "Simulated") -> None:
    late = {row["key"]: row["sent_at"] - row["due_at"] for row in simulated.outbox}
    # Whoever takes over is welcomed as soon as staff have said so, whatever the hour.
    began_at_noon = {
        email.key
        for one in simulated.record.mentorships
        for email in one.emails
        if one.predecessor and email.at.date() == one.starts_on
    }
    assert min(late.values()) >= timedelta(0)
    assert max(gap for key, gap in late.items() if key not in began_at_noon) < timedelta(minutes=5)
    assert {late[key] // timedelta(hours=1) for key in began_at_noon} == {3}


def test_nothing_was_found_wrong(simulated: "Simulated") -> None:
    assert simulated.record.problems == ()
    assert simulated.record.unmatched == ()


def test_silent_participant_is_recorded_as_unanswered(simulated: "Simulated") -> None:
    mentorship, side = simulated.acted_by("P05")
    assert {getattr(window, side) for window in mentorship.quarters} == {WindowStatus.UNANSWERED}
    assert not [response for response in mentorship.responses if response.side is side]


def test_participant_who_clicks_twice_counts_once(simulated: "Simulated") -> None:
    mentorship, side = simulated.acted_by("P08")
    own = [row for row in simulated.responses if row["mentorship_id"] == mentorship.id and row["side"] == side]
    # The agreement is the one page on which the mentee acts twice: with a draft, and by agreeing.
    once = [row for row in own if row["form"] != MilestoneKind.AGREEMENT]
    assert len(once) >= 6
    assert {row["revision"] for row in once} == {1}
    assert max(Counter(row["id"] for row in once).values()) == 1
    assert len(own) - len(once) == 2


def test_scanner_that_opens_every_link_changes_nothing(simulated: "Simulated") -> None:
    mentorship, side = simulated.acted_by("P11")
    assert len([email for email in mentorship.emails if email.to == side.value]) > 15
    assert not [row for row in simulated.responses if row["mentorship_id"] == mentorship.id and row["side"] == side]
    assert {getattr(window, side) for window in mentorship.quarters} == {WindowStatus.UNANSWERED}


def test_a34_a_wish_to_be_called_reaches_staff_at_once_and_only_staff(simulated: "Simulated") -> None:
    mentorship, side = simulated.acted_by("P03")
    notes = [note for note in simulated.record.staff_emails if StaffReason.CALL_REQUESTED in note.key]
    assert [note.automatic for note in notes] == [False]
    (asked,) = (
        row["received_at"]
        for row in simulated.responses
        if row["mentorship_id"] == mentorship.id and row["side"] == side and "call_requested" in row["answers"]
    )
    assert notes[0].at == asked
    sent = next(row for row in simulated.outbox if row["key"] == notes[0].key)
    assert sent["sent_at"] - asked < timedelta(hours=1)
    assert not [email for email in mentorship.emails if "call" in email.subject.lower()]


def test_staff_learn_that_the_report_is_ready(simulated: "Simulated") -> None:
    last = simulated.record.staff_emails[-1]
    assert (last.kind, last.key.split("/")[2]) == (EmailKind.STAFF_NOTE, "report_ready")
    assert last.at.date() > max(one.ends_on for one in simulated.record.mentorships)


def test_a_mentorship_stays_far_below_the_limits_of_the_engine(simulated: "Simulated") -> None:
    for mentorship in simulated.record.mentorships:
        assert mentorship.runs <= 7
        assert mentorship.events < 1500
        assert mentorship.actions < 300
    everything_answered, _ = simulated.acted_by("P01")
    assert (everything_answered.runs, everything_answered.outcome) == (7, Outcome.COMPLETED)
    assert everything_answered.actions < 250


def test_quarterly_participant_who_answers_everything_gets_at_most_24_emails(simulated: "Simulated") -> None:
    told = simulated.record.emails_per_participant
    assert len(told) == 2 * len(simulated.record.mentorships)
    # Reminders come to who waits for the last day: that is what they are for.
    prompt = [each for each in told if not each.silent_about and not each.reminders]
    quarterly = [each for each in prompt if each.kinds.get(EmailKind.MEETING, 0) <= 6]
    assert len({each.participant for each in quarterly}) > 3
    assert [each for each in quarterly if each.during > 24] == []
    # Every email is counted once, and for whom it was.
    emails = [email for one in simulated.record.mentorships for email in one.emails]
    assert (
        sum(each.during + each.afterwards for each in told)
        == len(emails)
        == sum(sum(each.kinds.values()) for each in told)
    )

"""What an email takes from what is known: goals, topics, dates, openings, words; and which links it carries."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from emails.kinds._base.participant import MentorshipFacts
from emails.kinds.check_in.context import CheckInEmail
from emails.kinds.farewell.context import FarewellEmail
from emails.kinds.follow_up.context import FollowUpEmail
from emails.kinds.gratitude.context import GratitudeEmail
from emails.kinds.involvement.context import InvolvementEmail
from emails.kinds.meeting.context import MeetingEmail
from emails.kinds.terms_changed.context import TermsChangedEmail
from emails.kinds.welcome.context import WelcomeEmail
from emails.links import MilestoneLinks
from emails.participant_emails import answerable, participant_email
from emails.rendering import render
from emails.samples import GOALS, SAMPLE_COHORT
from schemas.emails.messages import QueuedEmail
from schemas.enums import ChangeKind, EmailKind, Outcome, Recipient
from schemas.mentorship.state import Ask
from tests.emails.mentorship import sample_facts, sample_pair, sample_plan

PAGES = MilestoneLinks(public_url="https://mile.example.org", secret=b"0123456789abcdef0123456789abcdef")
AT = datetime(2019, 9, 18, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def facts() -> MentorshipFacts:
    pair = sample_pair(SAMPLE_COHORT)
    return sample_facts(pair, sample_plan(pair))


def queued(kind: EmailKind, *milestones: str, to: Recipient = Recipient.MENTOR, at: datetime = AT) -> QueuedEmail:
    asks = tuple(Ask(milestone=milestone) for milestone in milestones)
    return QueuedEmail(key=f"a/{kind}/{to}", kind=kind, scope_id="mile-2019-007", to=to, at=at, now=at, asks=asks)


def test_mentor_is_reminded_of_the_goals_before_a_meeting_and_mentee_is_not(facts: MentorshipFacts) -> None:
    for to, recalled in ((Recipient.MENTOR, GOALS), (Recipient.MENTEE, ())):
        email = participant_email(queued(EmailKind.MEETING, "meeting-2", to=to), facts, PAGES)
        assert isinstance(email, MeetingEmail)
        assert email.goals == recalled


def test_meetings_take_turns_with_the_topics_and_are_dated_a_week_after_they_are_announced(
    facts: MentorshipFacts,
) -> None:
    emails = [participant_email(queued(EmailKind.MEETING, f"meeting-{n}"), facts, PAGES) for n in (1, 2, 3)]
    topics = [email.guidance[0].name for email in emails]
    assert topics == ["topic_goal_setting", "topic_networking", "topic_leadership"]
    assert isinstance(emails[1], MeetingEmail)
    assert emails[1].meeting_on == facts.due["meeting-2"].opens_on + timedelta(days=7)


def test_a_meeting_announced_beside_something_else_keeps_goals_topic_and_preparation(facts: MentorshipFacts) -> None:
    email = participant_email(queued(EmailKind.AGREEMENT_REVIEW, "agreement_review-1", "meeting-3"), facts, PAGES)
    assert [text.name for text in email.guidance] == ["feedback"]
    assert [text.name for text in email.beside] == ["topic_leadership", "meeting"]
    assert email.meeting_beside is not None
    assert email.meeting_beside.goals == GOALS


def test_goals_are_not_recalled_twice_in_one_email(facts: MentorshipFacts) -> None:
    email = participant_email(queued(EmailKind.CHECK_IN, "check_in-2", "meeting-2"), facts, PAGES)
    assert isinstance(email, CheckInEmail)
    assert email.goals == GOALS
    assert email.meeting_beside is not None
    assert email.meeting_beside.goals == ()


def test_openings_stand_in_check_ins_and_those_of_the_association_in_the_yearly_question(
    facts: MentorshipFacts,
) -> None:
    check_in = participant_email(queued(EmailKind.CHECK_IN, "check_in-2"), facts, PAGES)
    yearly = participant_email(queued(EmailKind.INVOLVEMENT, "involvement-1"), facts, PAGES)
    assert isinstance(check_in, CheckInEmail)
    assert isinstance(yearly, InvolvementEmail)
    assert {opening.area for opening in check_in.openings} == {"involvement", "chance"}
    assert {opening.area for opening in yearly.openings} == {"involvement"}


def test_openings_stand_beside_a_meeting_where_taking_part_is_asked_there(facts: MentorshipFacts) -> None:
    email = participant_email(queued(EmailKind.MEETING, "meeting-2", "involvement-1"), facts, PAGES)
    assert {opening.area for opening in email.openings_beside} == {"involvement"}
    text = render(email).text
    assert text.index("Open at the moment") < text.index(f"Please {email.asks[1].ask}")
    assert email.openings_beside[0].title in text
    # A check-in lists them in any case.
    both = participant_email(queued(EmailKind.CHECK_IN, "check_in-2", "involvement-1"), facts, PAGES)
    assert render(both).text.count("Open at the moment") == 1
    assert participant_email(queued(EmailKind.MEETING, "meeting-2"), facts, PAGES).openings_beside == ()


def test_one_link_leads_to_all_that_an_email_asks(facts: MentorshipFacts) -> None:
    asked = ("check_in-6", "goal_check_in-6", "closure_survey", "self_assessment-3")
    email = participant_email(queued(EmailKind.CHECK_IN, *asked, to=Recipient.MENTEE), facts, PAGES)
    written = render(email)
    assert all(ask.ask in " ".join(written.text.split()) for ask in email.asks)
    for part in (written.text, written.html):
        assert {link.partition("/answer/")[0] for link in re.findall(r"https://\S*?/r/[^\s\"]+", part)} == {
            email.asks[0].url
        }


def test_welcome_says_when_the_agreement_comes(facts: MentorshipFacts) -> None:
    email = participant_email(queued(EmailKind.WELCOME, "welcome", "first_contact"), facts, PAGES)
    assert isinstance(email, WelcomeEmail)
    assert email.agreement_on == date(2019, 5, 17)
    assert [block.kind for block in email.asks] == ["first_contact"]


def test_an_agreement_that_was_due_before_is_asked_for_within_two_weeks(facts: MentorshipFacts) -> None:
    early = queued(EmailKind.AGREEMENT_CHANGED, "agreement", at=datetime(2019, 6, 3, 14, tzinfo=UTC))
    assert participant_email(early, facts, PAGES).asks[0].closes_on == date(2019, 6, 21)
    late = queued(EmailKind.AGREEMENT_CHANGED, "agreement")
    assert participant_email(late, facts, PAGES).asks[0].closes_on == date(2019, 10, 2)


def test_no_agreement_is_asked_for_after_the_end_of_the_mentorship(facts: MentorshipFacts) -> None:
    last_week = queued(EmailKind.AGREEMENT_CHANGED, "agreement", at=datetime(2020, 11, 4, 15, tzinfo=UTC))
    assert participant_email(last_week, facts, PAGES).asks[0].closes_on == date(2020, 11, 10)


def test_words_of_thanks_come_without_a_link_to_the_mentees_page(facts: MentorshipFacts) -> None:
    gratitude = queued(EmailKind.GRATITUDE, "thanks-1")
    email = participant_email(gratitude, facts, PAGES)
    assert isinstance(email, GratitudeEmail)
    assert "\n".join(email.lines) == facts.thanks
    assert email.asks == ()
    assert answerable(gratitude, facts) == ()


def test_farewell_leads_to_its_page_though_nothing_is_asked_there(facts: MentorshipFacts) -> None:
    email = participant_email(queued(EmailKind.FAREWELL, "farewell", "closure_survey"), facts, PAGES)
    assert isinstance(email, FarewellEmail)
    assert [block.kind for block in email.asks] == ["farewell", "closure_survey"]
    assert (email.outcome, email.over) == (Outcome.COMPLETED, True)
    assert email.follow_ups == (date(2021, 2, 10), date(2021, 5, 10))


@pytest.mark.parametrize("recorded", [None, Outcome.MENTOR_WITHDREW])
def test_farewell_of_an_early_end_never_says_completed(facts: MentorshipFacts, recorded: Outcome | None) -> None:
    ended = facts.pair.model_copy(update={"ends_on": AT.date()})
    early = facts.model_copy(update={"pair": ended, "outcome": recorded, "coming": ()})
    email = participant_email(queued(EmailKind.FAREWELL, "farewell"), early, PAGES)
    assert isinstance(email, FarewellEmail)
    assert email.outcome is (recorded or Outcome.ENDED_EARLY)


def test_only_the_former_mentee_is_invited_to_mentor_and_sits_out_first(facts: MentorshipFacts) -> None:
    rules = SAMPLE_COHORT.eligibility.model_copy(update={"sit_out_years": 4})
    cohort = SAMPLE_COHORT.model_copy(update={"eligibility": rules})
    waiting = facts.model_copy(update={"pair": facts.pair.model_copy(update={"cohort": cohort})})
    for known, to, year in (
        (facts, Recipient.MENTEE, 2020),
        (waiting, Recipient.MENTEE, 2023),
        (waiting, Recipient.MENTOR, None),
    ):
        email = participant_email(queued(EmailKind.FOLLOW_UP, "follow_up-1", to=to), known, PAGES)
        assert isinstance(email, FollowUpEmail)
        assert email.may_mentor_from == year


def test_only_a_pause_says_when_it_goes_on_and_only_a_rhythm_what_comes(facts: MentorshipFacts) -> None:
    since, until = date(2019, 11, 4), date(2019, 12, 2)
    for change in (ChangeKind.PAUSE, ChangeKind.RESUME, ChangeKind.EXTEND, ChangeKind.CADENCE):
        told = queued(EmailKind.TERMS_CHANGED).model_copy(
            update={"change": change, "pause_from_on": since, "pause_until_on": until}
        )
        email = participant_email(told, facts, PAGES)
        assert isinstance(email, TermsChangedEmail)
        pause = (since, until) if change is ChangeKind.PAUSE else (None, None)
        assert (email.since, email.goes_on) == pause
        assert bool(email.coming) == (change is ChangeKind.CADENCE)


def test_a_change_that_is_not_named_is_an_error(facts: MentorshipFacts) -> None:
    with pytest.raises(ValueError, match="does not say what changed"):
        participant_email(queued(EmailKind.TERMS_CHANGED), facts, PAGES)


def test_an_email_to_staff_is_not_written_to_a_participant(facts: MentorshipFacts) -> None:
    with pytest.raises(TypeError, match="staff_digest is not an email to a participant"):
        participant_email(queued(EmailKind.STAFF_DIGEST), facts, PAGES)


def test_a_pair_that_began_later_reads_its_own_first_day(facts: MentorshipFacts) -> None:
    later = facts.model_copy(update={"pair": facts.pair.model_copy(update={"starts_on": date(2019, 9, 2)})})
    asked = queued(EmailKind.CHECK_IN, "check_in-2")
    assert participant_email(asked, later, PAGES).began_on == date(2019, 9, 2)
    assert participant_email(asked, facts, PAGES).began_on is None

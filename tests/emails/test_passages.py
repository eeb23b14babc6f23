"""Passages of emails: what a class may say in its own words, what it must keep, and what no words bring about."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from emails.kinds.check_in.context import CheckInEmail
from emails.markdown import to_html, to_text
from emails.own_words import WORDED_KINDS, own_words_problems, passages_of, read_own_words, sample_emails
from emails.passages import Passages, passage_problem, standard_passages
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, TOKEN
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.mentorship.state import Ask
from storage import email_wordings
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import PAIR
from tests.emails.test_wording import Tags

KINDS = Path(__file__).parents[2] / "emails" / "kinds"
AT = datetime(2019, 7, 22, 14, tzinfo=UTC)
OPENING = "Hello! {please} {ask} by **{due}**, which takes {takes}."
RENEWED = "{please}, {partner-first-name} and you, {ask} by **{due}**: {takes}."


def problem(own: str, name: str = "opening", kind: EmailKind = EmailKind.CHECK_IN) -> str:
    return own_words_problems(kind, SAMPLE_COHORT, {name: own}).get(name, "")


@pytest.mark.parametrize("kind", WORDED_KINDS)
def test_every_passage_is_in_a_sample_so_that_staff_can_look_at_it(kind: EmailKind) -> None:
    written = tomllib.loads((KINDS / kind / "passages.toml").read_text())
    assert written.keys() <= passages_of(kind, SAMPLE_COHORT).keys()
    assert any(name.startswith("subject") for name in written)


def test_every_shared_passage_is_used_by_a_kind() -> None:
    shared = tomllib.loads((KINDS / "_base" / "passages.toml").read_text())
    used = {name for kind in WORDED_KINDS for name in passages_of(kind, SAMPLE_COHORT)}
    assert shared.keys() <= used


# Only a mentee answers for goals, says thanks and fills in an intake form; past members are asked to mentor.
TO_ONE_SIDE = {
    EmailKind.GOAL_CHECK_IN,
    EmailKind.GRATITUDE,
    EmailKind.INTAKE,
    EmailKind.MENTORS_NEEDED,
    EmailKind.THANKS,
}


@pytest.mark.parametrize("kind", [kind for kind in WORDED_KINDS if kind not in TO_ONE_SIDE])
def test_staff_see_how_an_email_reads_to_each_side(kind: EmailKind) -> None:
    emails = sample_emails(kind, SAMPLE_COHORT).values()
    assert {email.model_dump()["recipient"]["side"] for email in emails} == {"mentor", "mentee"}


@pytest.mark.parametrize("kind", WORDED_KINDS)
def test_standard_passes_the_check_of_own_words(kind: EmailKind) -> None:
    assert own_words_problems(kind, SAMPLE_COHORT, passages_of(kind, SAMPLE_COHORT)) == {}


def test_own_words_stand_in_both_parts_beside_what_must_stay() -> None:
    own = {
        "subject": "{number}, by {due}",
        "opening": OPENING,
        "more": "One\n\n*Two* [t](https://t.org)",
    }
    before = read_own_words(EmailKind.CHECK_IN, SAMPLE_COHORT, {})["check-in reminder"]
    email = read_own_words(EmailKind.CHECK_IN, SAMPLE_COHORT, own)["check-in reminder"]
    assert (
        email.subject == "MILE mentorship: reminder, 2, by November 10: how are things?"[:60]
        or len(email.subject) <= 60
    )
    text = " ".join(email.text.split())
    assert (
        "Hello! A reminder: please tell us how it is going by Sunday, November 10, which takes about 2 minutes." in text
    )
    assert "One Two t (https://t.org)" in text
    assert "<em>Two</em> <a " in email.html
    assert 'href="https://t.org"' in email.html
    # The button, what is promised about a call, and the end are nobody's to change.
    for kept in (f"https://mile.example.org/r/{TOKEN}", "Staff hear right away", "You’re getting this because"):
        assert kept in before.text
        assert kept in email.text
    assert set(re.findall(r'href="(https://mile[^"]*|mailto:[^"]*)"', before.html)) <= set(
        re.findall(r'href="([^"]*)"', email.html)
    )


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (f"{OPENING} {{salary}}", "There is no {salary} here. You can use: {ask}, "),
        (f"{OPENING} {{{{7*7}}}}", "There is no {7*7} here."),
        (f"{OPENING} {{% include 'x' %}}", "There is no {% include 'x' %} here."),
        (f"{OPENING} {{cohort.contact.email}}", "There is no {cohort.contact.email} here."),
        (f"{OPENING} {{goals}}", "There is no {goals} here."),
        (f"{OPENING} {{contact-by}}", "There is no {contact-by} here."),
        ("{please} {ask}. It takes {takes}.", "Keep {due}: people must learn it from this email."),
        ("Hello.", "Keep {please}, {ask}, {due}, {takes}"),
        ("{please} {ask} by \\{due}, {takes}", "Keep {due}"),
        (" \n ", "Write something here"),
        (f"{OPENING} {'x' * 2000}", "2000 fit."),
        (f"{OPENING} [you](https://e.org/{{partner}})", "A placeholder does not work in it."),
        (f"{OPENING} https://mile.example.org/r/{TOKEN}", "somebody’s own link"),
        (f"{OPENING} [answer](https://mile.example.org/a/{TOKEN}/kickoff)", "somebody’s own link"),
    ],
)
def test_words_that_would_mislead_are_refused_in_a_sentence(own: str, says: str) -> None:
    assert says in problem(own)


def test_subject_names_nobody_and_fits_in_every_sample() -> None:
    assert "There is no {partner} here. You can use: {class}, {due}, {number}, {program}." in problem(
        "{partner}: {number}, {due}", "subject"
    )
    assert problem("{number}, by {due}", "subject") == ""
    assert re.search(r"the whole subject has \d\d characters: “MILE", problem("{number} {due} " + "x" * 30, "subject"))


@pytest.mark.parametrize(
    "own",
    [
        "<script>alert(1)</script>",
        '<img src="https://t.example.org/p.gif">',
        "![pixel](https://t.example.org/p.gif)",
        "[x](javascript:alert(1))",
        '[x](https://e.org" onclick="alert(1))',
        "[x](https://e.org/'onmouseover=alert(1))",
        '<a href="https://e.org" style="display:none">',
        "</main></body><h1>**unclosed",
        "[unclosed](https://e.org",
        "<!-- ",
        "&lt;script&gt;",
    ],
)
def test_markup_of_others_stays_text_and_leaves_the_email_whole(own: str) -> None:
    plain = read_own_words(EmailKind.CHECK_IN, SAMPLE_COHORT, {"opening": OPENING})["check-in reminder"]
    email = read_own_words(EmailKind.CHECK_IN, SAMPLE_COHORT, {"opening": f"{OPENING} {own}"})["check-in reminder"]
    tags, before = Tags(email.html).tags, Tags(plain.html).tags
    # Nothing but perhaps one link more, to where it says, and all that followed is there.
    added = [tag for tag in tags if tag not in before]
    assert len(tags) - len(before) == len(added) <= 1
    assert all(
        name == "a" and set(given) <= {"href", "style"} and str(given["href"]).startswith("https://")
        for name, given in added
    )
    assert email.html.endswith(plain.html[plain.html.index("<footer") :])
    assert email.text.endswith(plain.text[plain.text.index("--------") :])


def test_name_with_markup_is_the_name(check_in: CheckInEmail) -> None:
    name = "**M** [x](https://e.org) {due} <b>"
    other = check_in.partner.model_copy(update={"name": name})
    own = {"opening": OPENING + " *{partner}*"}
    email = render(check_in.model_copy(update={"partner": other, "own_words": own}))
    assert name in " ".join(email.text.split())
    assert "<em>**M** [x](https://e.org) {due} &lt;b&gt;</em>" in email.html
    assert to_html("{a}", {"a": "<i>"}) == "<p>&lt;i&gt;</p>\n"
    assert to_text("{a}\\{a}", {"a": "<i>"}) == "<i>{a}"


def test_words_that_no_longer_fit_give_way_to_the_standard(check_in: CheckInEmail) -> None:
    old = check_in.model_copy(update={"own_words": {"opening": "From an {older} release.", "gone": "Away"}})
    assert render(old) == render(check_in)


# What the whole class knows.
OF_THE_CLASS = {"association", "class", "contact", "kickoff", "months", "please", "program", "review-months", "session"}
# Who is on which side, and days of the reader's own mentorship.
OF_THE_READER = {"ask", "by", "day", "due", "ends", "form", "goes-on", "side", "since", "takes"}


@pytest.mark.parametrize("kind", WORDED_KINDS)
def test_placeholder_tells_a_reader_nothing_that_the_standard_hides(kind: EmailKind) -> None:
    for context in sample_emails(kind, SAMPLE_COHORT).values():
        words = " ".join(render(context).text.split())
        values = Passages(context).values
        for name in values.keys() - OF_THE_CLASS - OF_THE_READER - {"partner-side"}:
            assert values[name] in words, name


def test_placeholders_of_one_email_are_checked_alone() -> None:
    standard = standard_passages(EmailKind.CHECK_IN)["opening"]
    assert "Keep {takes}" in passage_problem(
        "opening", "{please} {ask} {due}", standard, dict.fromkeys(("please", "ask", "due", "takes"), "x")
    )


def queued(number: int) -> QueuedEmail:
    return QueuedEmail(
        key=f"{PAIR}/check_in/by-hand-{number}/mentor/0",
        kind=EmailKind.CHECK_IN,
        scope_id=PAIR,
        to=Recipient.MENTOR,
        at=AT,
        now=AT,
        asks=(Ask(milestone="check_in-1"),),
    )


async def use(pool: asyncpg.Pool, opening: str) -> None:
    now = datetime.now(UTC)
    await email_wordings.save(
        pool, SAMPLE_COHORT.id, EmailKind.CHECK_IN, {"opening": opening}, "c@example.org", now, used_since=now
    )


async def test_email_that_was_tried_keeps_its_words_and_its_bytes(outbox: Delivery, relay: Relay) -> None:
    await use(outbox.pool, OPENING)
    relay.to_recipient = "452 4.2.2 mailbox full"
    assert await outbox.deliver(queued(0)) == ["queued"]
    await use(outbox.pool, RENEWED)
    relay.to_recipient = "250 fine"
    await outbox.forward(queued(0).key)
    await outbox.deliver()
    await outbox.pool.execute("update outbox set state = 'sending', next_attempt_at = now()")
    assert await outbox.deliver() == []
    first, again = relay.accepted
    assert first == again
    assert "Hello! Please tell us" in relay.text()


async def test_email_that_waits_takes_the_words_of_its_first_attempt(outbox: Delivery, relay: Relay) -> None:
    await outbox.pool.execute("select 1")
    await use(outbox.pool, OPENING)
    await use(outbox.pool, RENEWED)
    assert await outbox.deliver(queued(0)) == ["sent"]
    assert "Please, Person and you, tell us" in " ".join(relay.text().split())


async def test_standard_of_a_first_attempt_stays_though_words_come_later(outbox: Delivery, relay: Relay) -> None:
    await outbox.deliver(queued(0))
    await use(outbox.pool, OPENING)
    await outbox.pool.execute("update outbox set state = 'sending', next_attempt_at = now()")
    await outbox.deliver()
    first, again = relay.accepted
    assert first == again
    assert "Hello!" not in relay.text()


async def test_draft_and_another_class_change_no_email(outbox: Delivery, relay: Relay) -> None:
    now = datetime.now(UTC) - timedelta(minutes=1)
    await email_wordings.save(outbox.pool, SAMPLE_COHORT.id, EmailKind.CHECK_IN, {"opening": OPENING}, "c", now)
    await outbox.deliver(queued(0))
    assert "Hello!" not in relay.text()

"""What people reply to emails, as the service understands it, and how it is passed on."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from icalendar import Calendar, Event, vCalAddress, vText

from emails.incoming import read_incoming
from emails.message import message_id
from emails.passed_on_reply import ReplyToPassOn, pass_on
from emails.replies import read_reply
from emails.samples import SAMPLE_COHORT
from schemas.enums import IncomingKind, ReplyKind
from tests.emails.bounce_messages import BOUNCES, reply
from tests.emails.relay import settings_for

MESSAGE, NO_MORE, NEW_ADDRESS, AUTOMATIC, *IN_CALENDAR = ReplyKind
QUOTED = "\n\nOn Mon, Jul 22, 2019, MILE mentorship wrote:\n> Stop. My new address is x@example.org\n"
ANSWERED = message_id(b"a secret", "a key", "example.org")

REPLIES = {
    "an answer": ("We met on Tuesday!" + QUOTED, MESSAGE),
    "a stop that says something else": ("We could not stop talking.", MESSAGE),
    "stop": ("Stop" + QUOTED, NO_MORE),
    "stop, politely": ("\n  Please stop these emails.\nThank you", NO_MORE),
    "no more": ("No more, please", NO_MORE),
    "unsubscribe": ("UNSUBSCRIBE", NO_MORE),
    "take me off": ("take me off this list", NO_MORE),
    "a new address": ("My new email address is pao@example.net", NEW_ADDRESS),
    "a job that ended": ("I no longer work at the library. Write to pao@example.net.", NEW_ADDRESS),
    "a new address that is not said": ("I'll have a new address soon", NEW_ADDRESS),
    "nothing": (QUOTED, MESSAGE),
}


@pytest.mark.parametrize(("words", "kind"), REPLIES.values(), ids=REPLIES)
def test_reply_is_understood_by_what_its_writer_wrote_and_not_by_what_is_quoted(words: str, kind: ReplyKind) -> None:
    assert read_reply(reply(words), automatic=False).kind is kind


def test_automatic_reply_asks_for_nothing_unless_it_names_a_new_address() -> None:
    assert read_reply(reply("Stop by on Monday"), automatic=True).kind is AUTOMATIC
    moved = read_reply(reply("I no longer work here. Please use pao@example.net"), automatic=True)
    assert (moved.kind, moved.address) == (NEW_ADDRESS, "p@example.org")


def calendar_reply(answer: str, method: str = "REPLY") -> bytes:
    event = Event()
    event.add("uid", "1f")
    attendee = vCalAddress("mailto:p@example.org")
    attendee.params["cn"] = vText("Pao, whose name is so long that the line it stands in has to go on in the next one")
    attendee.params["partstat"] = vText(answer)
    event.add("attendee", attendee)
    calendar = Calendar()
    calendar.add("method", method)
    calendar.add_component(event)
    raw = EmailMessage()
    raw["From"], raw["Subject"], raw["In-Reply-To"] = "P <p@example.org>", f"{answer}: Session", ANSWERED
    raw.set_content("")
    raw.add_alternative(calendar.to_ical(), "text", "calendar", params={"method": method})
    return raw.as_bytes()


@pytest.mark.parametrize(
    ("answer", "kind"), zip(("ACCEPTED", "TENTATIVE", "DECLINED"), IN_CALENDAR, strict=True), ids=str
)
@pytest.mark.parametrize("automatic", [False, True])
def test_answer_of_a_calendar_is_noted_as_one(answer: str, kind: ReplyKind, automatic: bool) -> None:
    raw = calendar_reply(answer)
    assert read_incoming(raw, BOUNCES).answered == (ANSWERED,)
    assert read_reply(raw, automatic=automatic).kind is kind


def test_answer_of_a_calendar_is_passed_on_in_words() -> None:
    given = ReplyToPassOn(
        reply=read_reply(calendar_reply("DECLINED"), automatic=False),
        fingerprint="1f",
        cohort=SAMPLE_COHORT,
        subject="Your invitation",
        writer="the mentee of mile-2019-001",
    )
    raw = pass_on(given, settings_for("postgresql://nowhere", 25), datetime(2019, 7, 22, tzinfo=UTC))
    text = " ".join(message_from_bytes(raw, policy=default).get_content().split())
    assert "In their calendar they declined the half-day session." in text


def test_invitation_that_comes_back_in_a_reply_is_no_answer() -> None:
    assert read_reply(calendar_reply("ACCEPTED", "REQUEST"), automatic=False).kind is MESSAGE
    assert read_reply(calendar_reply("NEEDS-ACTION"), automatic=False).kind is MESSAGE


def test_reply_is_found_by_the_message_it_answers() -> None:
    raw = reply(To="mile@example.org", In_Reply_To=ANSWERED, References=f"<other@example.net> {ANSWERED}")
    incoming = read_incoming(raw, BOUNCES)
    assert (incoming.kind, incoming.token, set(incoming.answered)) == (IncomingKind.REPLY, None, {ANSWERED})


def test_words_are_passed_on_with_the_command_and_nothing_that_could_forge_a_header() -> None:
    read = read_reply(reply("Stop\nBcc: x@example.org\n\x07…" + "x" * 2_000), automatic=False)
    given = ReplyToPassOn(
        reply=read,
        fingerprint="1f",
        cohort=SAMPLE_COHORT,
        subject="Your check-in\r\nBcc: y@example.org",
        writer="the mentee of mile-2019-001",
        command="mile mentorship reminders mile-2019-001 --side mentee --pause",
    )
    raw = pass_on(given, settings_for("postgresql://nowhere", 25), datetime(2019, 7, 22, tzinfo=UTC))
    message = message_from_bytes(raw, policy=default)
    assert message["Bcc"] is None
    assert message["Reply-To"] == "p@example.org"
    assert message["To"].addresses[0].addr_spec == SAMPLE_COHORT.contact.email
    text = message.get_content()
    assert "> Stop\n> Bcc: x@example.org\n" in text.replace("\r\n", "\n")
    assert "mile mentorship reminders mile-2019-001 --side mentee --pause" in text


def test_words_are_read_in_their_own_encoding_and_without_html() -> None:
    latin = reply("=46r=F6hliche Gr=FC=DFe", Content_Type="text/plain; charset=iso-8859-1")
    latin = latin.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", 1)
    assert read_reply(latin, automatic=False).lines == ("Fröhliche Grüße",)
    html = reply("<div>Please <b>stop</b> &amp; rest</div><div>Pao</div>", Content_Type="text/html; charset=utf-8")
    read = read_reply(html, automatic=False)
    assert (read.lines, read.kind) == (("Please stop & rest", "", "Pao"), NO_MORE)

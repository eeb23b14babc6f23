"""Everybody is written to in the language that they chose, whatever the email is about."""

import json
from datetime import timedelta

import asyncpg
import pytest

from domain import languages
from domain.languages import in_language
from emails.kinds.agreed.context import AgreedEmail
from emails.own_words import own_words_problems, passages_of, sample_emails
from emails.rendering import render
from emails.samples import SAMPLE_COHORT
from schemas.emails.messages import QueuedEmail
from schemas.emails.staff_messages import Audience, MessageWords
from schemas.enums import EmailKind, Language, Recipient
from schemas.ids import applicant_scope, email_key
from storage import staff_messages
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import NOW, PAIR
from tests.emails.test_sender import AT, check_in
from tests.pseudo_language import PseudoCatalog, in_greek_letters

COHORT = SAMPLE_COHORT.id
OWN = {"opening": "Bien hecho, {partner}."}
SPANISH_FIRST = SAMPLE_COHORT.model_copy(update={"languages": (Language.SPANISH, Language.ENGLISH)})


@pytest.fixture(autouse=True)
def greek(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write what is not English in Greek letters."""
    catalogs = {Language.ENGLISH: languages.catalog(Language.ENGLISH), Language.SPANISH: PseudoCatalog()}
    monkeypatch.setattr(languages, "catalog", catalogs.__getitem__)


def to_mentor(kind: EmailKind, scope: str, subject: str = "1") -> QueuedEmail:
    key = email_key(scope, kind, subject, Recipient.MENTOR)
    return QueuedEmail(key=key, kind=kind, scope_id=scope, to=Recipient.MENTOR, at=AT, now=AT)


async def changed_address(pool: asyncpg.Pool) -> int:
    return int(
        await pool.fetchval(
            "insert into address_change"
            " (mentorship_id, side, cohort_id, person_id, old_email, new_email, by_staff, asked_at)"
            " values ($1, 'mentor', $2, 'M01', 'm@example.org', 'new@example.org', false, $3) returning id",
            *(PAIR, COHORT, AT),
        )
    )


async def test_each_email_to_somebody_is_in_the_language_they_chose(
    cohort: asyncpg.Pool, outbox: Delivery, relay: Relay
) -> None:
    offered = json.dumps(["en", "es"])
    await cohort.execute("update cohort set settings = jsonb_set(settings, '{languages}', $1)", offered)
    await cohort.execute("update application set language = 'es' where person_id = 'M01'")
    await cohort.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at)"
        " values ($1, 'M02', 'mentor', 'm2@example.org', $2, $3, $3)",
        *(COHORT, json.dumps({"language": "es"}), NOW - timedelta(days=9)),
    )
    words = MessageWords(subject="A webinar", body="It is on Friday.", audience=Audience())
    number = str(await staff_messages.save(cohort, COHORT, words, "Chair", NOW))
    change = str(await changed_address(cohort))
    spanish = [
        check_in(2, Recipient.MENTOR),
        to_mentor(EmailKind.STATUS_CHANGED, applicant_scope(COHORT, "M01")),
        to_mentor(EmailKind.APPLICATION_LINK, applicant_scope(COHORT, "M02")),
        to_mentor(EmailKind.MESSAGE, applicant_scope(COHORT, "M01"), number),
        to_mentor(EmailKind.ADDRESS_CONFIRMATION, PAIR, change),
        to_mentor(EmailKind.ADDRESS_CHANGE, PAIR, f"{change}-asked"),
    ]
    english = [check_in(2, Recipient.MENTEE), to_mentor(EmailKind.STATUS_CHANGED, applicant_scope(COHORT, "P01"))]
    assert set(await outbox.deliver(*spanish, *english)) == {"sent"}
    said = {str(message["Feedback-ID"]).partition(":")[0] + str(message["To"]): message for message in relay.messages}
    assert len(said) == len(spanish + english)
    for name, message in said.items():
        is_english = name.endswith("Person P <p@example.org>")
        assert message["Content-Language"] == ("en" if is_english else "es"), name
        body = message.get_body(("plain",))
        assert body
        assert (in_greek_letters("Questions") in body.get_content()) is not is_english, name


def test_a_class_words_its_emails_in_the_first_language_that_it_offers() -> None:
    email = next(iter(sample_emails(EmailKind.AGREED, SPANISH_FIRST, OWN).values()))
    assert isinstance(email, AgreedEmail)
    with in_language(Language.SPANISH):
        assert "Bien hecho, Ingeborg Tamarack." in render(email).text
    assert "You and Ingeborg Tamarack have both signed off" in " ".join(render(email).text.split())
    assert own_words_problems(EmailKind.AGREED, SPANISH_FIRST, OWN | {"more": "{due}, {when}"}).keys() == {"more"}
    assert passages_of(EmailKind.AGREED, SPANISH_FIRST)["subject"] == in_greek_letters("your agreement is final")

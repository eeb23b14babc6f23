"""A class's emails through Postfix, OpenDKIM and Dovecot: none lost, none doubled, bounces understood."""

import asyncio
import json
import os
import smtplib
import time
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from emails.imap import DONE_FOLDER
from emails.sender import CONNECTIONS
from schemas.enums import ReplyKind, Side
from storage import bounces, contacts, replies
from tests.integration.checkers import require, require_node_module, run
from tests.integration.mail_class import PAIRS, ROLE, MailClass
from tests.integration.mail_servers import DOMAIN, SELECTOR, MailServers, wait_for

# MILE_OUTAGE_SECONDS=60 for a whole minute.
OUTAGE_SECONDS = float(os.environ.get("MILE_OUTAGE_SECONDS", "20"))
FAULT_SECONDS = 5
# It verifies each file by the records in the first argument, as a mailbox provider would by those in the DNS.
VERIFIER = """
const { dkimVerify } = require(%s);
const fs = require("fs");
const [records, ...files] = process.argv.slice(2);
const dns = JSON.parse(fs.readFileSync(records));
const resolver = async name => { if (dns[name]) return dns[name]; throw new Error("no record " + name); };
(async () => {
  for (const file of files) {
    const { results } = await dkimVerify(fs.readFileSync(file), { resolver });
    const [found] = results;
    const { result, aligned } = found.status;
    console.log([results.length, result, found.signingDomain, found.selector, aligned].join());
  }
})();
"""
VACATION = """
require ["vacation"];
vacation :days 1 "I am away until Monday.";
"""


def verdicts(messages: list[bytes], dns: object, home: Path) -> list[str]:
    """Return what another program says of each message's signature."""
    node = require("node", "nodejs")
    module = require_node_module("mailauth/lib/dkim/verify.js")
    verifier, records = home / "verifier.cjs", home / "dns.json"
    verifier.write_text(VERIFIER % json.dumps(str(module)), encoding="utf-8")
    records.write_text(json.dumps(dns), encoding="utf-8")
    files = [home / f"{number}.eml" for number in range(len(messages))]
    for file, raw in zip(files, messages, strict=True):
        file.write_bytes(raw)
    ran = run(node, verifier, records, *files, home=home)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.decode().splitlines()


async def test_every_email_of_a_class_arrives_once(mail_class: MailClass) -> None:
    enqueued = await mail_class.left()
    assert enqueued > 20 * PAIRS
    began = time.monotonic()
    await mail_class.deliver()
    arrived = await mail_class.arrived()
    print(f"\n{enqueued} emails enqueued, {arrived.total()} delivered in {time.monotonic() - began:.1f} s")
    assert arrived == await mail_class.expected()
    assert set(await mail_class.states()) == {"sent"}
    assert mail_class.servers.messages("bounces") == []


async def test_every_email_is_signed_and_a_changed_one_is_noticed(mail_class: MailClass, tmp_path: Path) -> None:
    await mail_class.keep("mile-2019-001")
    await mail_class.deliver()
    servers = mail_class.servers
    messages = [raw for found in servers.everything().values() for raw in found]
    judged = verdicts(messages, servers.dns(), tmp_path)
    print(f"\n{len(judged)} signatures verified")
    assert set(judged) == {f"1,pass,{DOMAIN},{SELECTOR},{DOMAIN}"}
    forged = messages[0].replace(b"Subject: ", b"Subject: Urgent: ", 1)
    cut = messages[0][:-20]
    assert [verdict.split(",")[1] for verdict in verdicts([forged, cut], servers.dns(), tmp_path)] == [
        "fail",
        "neutral",
    ]


async def test_vacation_responder_stays_silent(mail_class: MailClass) -> None:
    await mail_class.keep("mile-2019-001")
    servers = mail_class.servers
    servers.write_sieve("p01", VACATION)
    try:
        await mail_class.deliver()
        assert servers.messages("p01")
        _write(servers, "p01", sender="m02")
        # Which shows that the responder answers others.
        wait_for(lambda: any(b"away until Monday" in raw for raw in servers.messages("m02")), "an answer")
    finally:
        servers.remove_sieve("p01")
    await mail_class.until_queue_is_empty()
    assert servers.messages("bounces") == []
    answers = [raw for user in servers.everything().values() for raw in user if b"away until Monday" in raw]
    assert len(answers) == 1


async def test_bounce_that_comes_back_marks_its_address_and_no_other(mail_class: MailClass) -> None:
    await mail_class.keep("mile-2019-002")
    mentee = await contacts.contact(mail_class.pool, "mile-2019-002", Side.MENTEE)
    await contacts.change_contact(mail_class.pool, mentee, email=f"nobody@{DOMAIN}")
    await mail_class.deliver()
    # To the relay, all is well.
    assert set(await mail_class.states()) == {"sent"}
    reports = mail_class.servers.messages("bounces")
    came_back = len(reports)
    assert came_back > 10
    assert all(f"Original-Recipient: rfc822;nobody@{DOMAIN}".encode() in report for report in reports)
    assert await mail_class.read_bounces() == came_back
    rows = await mail_class.pool.fetch("select distinct scope_id, recipient, failure from outbox where state <> 'sent'")
    assert [tuple(row) for row in rows] == [("mile-2019-002", "mentee", "bounced 550 5.1.1")]
    assert len(set(mail_class.undeliverable)) == came_back
    assert await mail_class.read_bounces() == 0
    assert len(mail_class.servers.messages("bounces", DONE_FOLDER)) == came_back


async def test_reply_to_an_email_reaches_the_role_and_is_noted(mail_class: MailClass) -> None:
    await mail_class.keep("mile-2019-001")
    await mail_class.deliver()
    servers = mail_class.servers
    envelope_sender = str(message_from_bytes(servers.messages("p01")[0])["Return-Path"]).strip("<>")
    _write(servers, envelope_sender.partition("@")[0], sender="p01")
    wait_for(lambda: servers.messages("bounces"), "the reply")
    assert await mail_class.read_bounces() == 1
    wait_for(lambda: servers.messages(ROLE), "the reply at the role")
    [passed_on] = servers.messages(ROLE)
    assert b"> Are you there?" in passed_on
    assert message_from_bytes(passed_on)["Reply-To"] == f"p01@{DOMAIN}"
    [noted] = await replies.replies(mail_class.pool, "mile-2019-001")
    assert (noted.side, noted.kind) == (Side.MENTEE, ReplyKind.MESSAGE)


async def test_stopped_relay_loses_no_email_and_doubles_none_but_what_it_took_without_a_word(
    mail_class: MailClass,
) -> None:
    enqueued = await mail_class.left()
    async with mail_class.sending():
        await mail_class.until_left(enqueued * 2 // 3, 30)
        await asyncio.to_thread(mail_class.servers.stop_postfix)
        stopped_with = await mail_class.left()
        await asyncio.sleep(OUTAGE_SECONDS)
        assert 0 < await mail_class.left() <= stopped_with
        await asyncio.to_thread(mail_class.servers.start_postfix)
        await mail_class.until_left(0, 120)
    await mail_class.until_queue_is_empty()
    arrived, expected = await mail_class.arrived(), await mail_class.expected()
    doubled = arrived - expected
    print(f"\n{OUTAGE_SECONDS:.0f} s without a relay, {stopped_with} of {enqueued} left, {doubled.total()} doubled")
    assert set(arrived) == set(expected)
    # SMTP cannot tell whether a relay took a message that it never answered; its Message-ID is the same.
    assert doubled <= await mail_class.expected(least_attempts=2)
    assert doubled.total() <= CONNECTIONS
    assert await mail_class.states() == {"sent": enqueued}


async def test_relay_that_defers_everything_delays_no_email_by_two_minutes(mail_class: MailClass) -> None:
    seconds = await _refused_for_a_while(mail_class, "450 4.7.1 Please come back later")
    assert seconds < 120
    assert await bounces.soft_bounced(mail_class.pool) == ()


async def test_relay_that_refuses_everything_by_policy_marks_no_address(mail_class: MailClass) -> None:
    await _refused_for_a_while(mail_class, "550 5.7.1 Access denied")
    assert mail_class.undeliverable == []


async def _refused_for_a_while(mail_class: MailClass, answer: str) -> float:
    """Let the relay refuse all in the middle; return how long the last email took once it accepts again."""
    enqueued, policy = await mail_class.left(), mail_class.servers.policy
    policy.refused = 0
    async with mail_class.sending():
        await mail_class.until_left(enqueued * 2 // 3, 30)
        policy.action = answer
        await asyncio.sleep(FAULT_SECONDS)
        left, policy.action = await mail_class.left(), "DUNNO"
        began = time.monotonic()
        await mail_class.until_left(0, 150)
        seconds = time.monotonic() - began
    await mail_class.until_queue_is_empty()
    print(f"\n{answer[:9]} for {FAULT_SECONDS} s: {policy.refused} refused, {left} of {enqueued} left, {seconds:.1f} s")
    assert policy.refused
    assert await mail_class.arrived() == await mail_class.expected()
    assert await mail_class.states() == {"sent": enqueued}
    return seconds


def _write(servers: MailServers, to: str, *, sender: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"{sender}@{DOMAIN}", f"{to}@{DOMAIN}", "Lunch?"
    message.set_content("Are you there?")
    with smtplib.SMTP("127.0.0.1", servers.smtp_port) as smtp:
        smtp.send_message(message)

"""Every email as SpamAssassin sees it when it arrives, by its rules alone (offline)."""

import re
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path

import pytest

from emails.rendering import render
from emails.sample_messages import sample_message
from emails.samples import SAMPLE_COHORT, all_samples
from tests.integration.checkers import require, run

HIGHEST_SCORE = 0.5
_VERDICT = re.compile(r"score=-?[\d.]+ required.*?tests=.*?(?= autolearn=)")
_MESSAGE_ID = re.compile(r"^Message-ID: <[^>]+>", re.MULTILINE)
# The newest hop, as the recipient's server writes it: without one, rules about the way and the date would not run.
_RECEIVED = (
    b"Received: from mile.example.org (mile.example.org [2001:db8::25])\r\n"
    b"\tby mx.example.net with ESMTPS id 4XyZ1a2b3c; %s\r\n"
)


def delivered(message: bytes) -> bytes:
    date = message_from_bytes(message)["Date"]
    return (_RECEIVED % str(date).encode()) + message


def verdicts(messages: Mapping[str, bytes], home: Path) -> dict[str, tuple[float, set[str]]]:
    """Return score and hits of each message, judged in one run."""
    spamassassin = require("spamassassin", "spamassassin")
    mbox = home / "mbox"
    mbox.write_bytes(
        b"".join(
            b"From mile@example.org Fri May 10 09:00:00 2019\n%s\n\n" % message.replace(b"\r\n", b"\n")
            for message in messages.values()
        )
    )
    # Neither user's preferences nor what an earlier run has learned.
    ran = run(spamassassin, "-L", "-t", "--cf=use_bayes 0", "--cf=use_auto_welcomelist 0", "--mbox", mbox, home=home)
    judged = ran.stdout.decode("utf-8", "replace").split("X-Spam-Checker-Version: ")[1:]
    # They come back in order of their dates.
    found = {_one(_MESSAGE_ID, output): _one(_VERDICT, " ".join(output[:3000].split())) for output in judged}
    assert len(found) == len(messages), ran.stderr
    return {name: _verdict(found[_one(_MESSAGE_ID, message.decode("ascii"))]) for name, message in messages.items()}


def _one(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match, text[:500]
    return match[0]


def _verdict(status: str) -> tuple[float, set[str]]:
    score, _, tests = status.partition(" required")
    return float(score.removeprefix("score=")), set(re.findall(r"[A-Z_0-9]{2,}", tests.partition("tests=")[2]))


def bad_form(hits: set[str]) -> set[str]:
    """Return the hits that say something about how an email is made; that it has HTML is no fault."""
    return {hit for hit in hits if hit.startswith(("HTML_", "MIME_"))} - {"HTML_MESSAGE"}


def test_no_email_scores_above_half_a_point_or_is_badly_formed(tmp_path: Path) -> None:
    samples = all_samples(SAMPLE_COHORT)
    messages = {name: delivered(sample_message(name, context, render(context))) for name, context in samples.items()}
    judged = verdicts(messages, tmp_path)
    assert len(judged) == len(samples)
    print(f"\nhighest score {max(score for score, _ in judged.values())}, hits", *sorted(all_hits(judged)))
    assert {name: score for name, (score, _) in judged.items() if score > HIGHEST_SCORE} == {}
    assert {name: bad_form(hits) for name, (_, hits) in judged.items() if bad_form(hits)} == {}


def all_hits(judged: Mapping[str, tuple[float, set[str]]]) -> set[str]:
    return set().union(*(hits for _, hits in judged.values()))


@pytest.mark.parametrize(
    ("old", "new", "hit"),
    [
        (b"Content-Type: text/plain", b"Content-Type: text/html", "MIME_HTML_ONLY"),
        (b"<body", b'<body><p><font color="#fefefe" style=3D"font-size: 1px">hidden words here</font></p', "HTML_"),
    ],
)
def test_badly_formed_email_is_noticed(tmp_path: Path, old: bytes, new: bytes, hit: str) -> None:
    name, context = next(iter(all_samples(SAMPLE_COHORT).items()))
    message = delivered(sample_message(name, context, render(context)))
    assert old in message
    [(_, hits)] = verdicts({name: message.replace(old, new, 1)}, tmp_path).values()
    assert any(one.startswith(hit) for one in bad_form(hits)), hits

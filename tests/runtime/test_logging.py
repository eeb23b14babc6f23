import io
import json
import logging
import subprocess
import sys

import httpx
import httpx2
import pytest
import structlog

from runtime.logging import configure, redact

TOKEN = "abcdefghijklmnopqrstuvwxyz"


def _one_line(script: str) -> dict[str, object]:
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    (line,) = ran.stderr.splitlines()
    written: dict[str, object] = json.loads(line)
    return written


def test_structlog_and_the_standard_library_write_the_same_kind_of_line() -> None:
    prepare = "from runtime.logging import configure; configure(); "
    ours = _one_line(prepare + "import structlog; structlog.get_logger('mile').info('email_sent', mentorship='m-1')")
    theirs = _one_line(prepare + "import logging; logging.getLogger('mile').info('%s_%s', 'email', 'sent')")
    assert ours["event"] == theirs["event"] == "email_sent"
    assert ours["mentorship"] == "m-1"
    assert ours.keys() - theirs.keys() == {"mentorship"}


def test_an_exception_is_one_line_of_json_with_its_traceback() -> None:
    written = _one_line(
        "import logging; from runtime.logging import configure; configure()\n"
        "try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger().exception('sum_failed')"
    )
    assert "ZeroDivisionError" in str(written["exception"])


def test_a_token_or_an_address_in_a_traceback_is_blanked_out() -> None:
    written = _one_line(
        "import logging; from runtime.logging import configure; configure()\n"
        f"try: raise ValueError('/r/{TOKEN} of astrid@example.org')\n"
        "except ValueError: logging.getLogger().exception('page_failed')"
    )
    text = json.dumps(written)
    assert "/r/[token] of [address]" in text
    assert TOKEN not in str(written["exception"]).replace(f"'/r/{TOKEN} of", "")


def test_what_temporal_knows_of_an_activity_stands_in_the_line() -> None:
    written = _one_line(
        "import logging; from runtime.logging import configure; configure()\n"
        "logging.getLogger('temporalio.activity').info('email_sent', extra={'temporal_activity':"
        "{'workflow_id': 'mentorship-1', 'attempt': 2, 'task_token': 'x'}})"
    )
    assert (written["workflow_id"], written["attempt"]) == ("mentorship-1", 2)
    assert "task_token" not in written


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"GET /r/{TOKEN}", "GET /r/[token]"),
        (f"GET /a/{TOKEN}/form/2", "GET /a/[token]/form/2"),
        (f"GET /r/{TOKEN.upper()}?x", "GET /r/[token]?x"),
        (f"POST /staff/sign-in/{TOKEN} failed", "POST /staff/sign-in/[token] failed"),
        (f"/staff/classes/mile-2019?done={TOKEN}", "/staff/classes/mile-2019?done=[token]"),
        (f"/files/{TOKEN}abc", f"/files/{TOKEN}abc"),
        ("from astrid.berg@library.example.org.", "from [address]."),
        ("<astrid+mile@example.org>", "<[address]>"),
        ({"to": ["björn@exämple.org"]}, {"to": ["[address]"]}),
        (("a@example.org", 3), ["[address]", 3]),
        (ValueError("a@example.org"), "[address]"),
        ("mentorship-mile-2019-007", "mentorship-mile-2019-007"),
        (None, None),
        (True, True),
    ],
)
def test_tokens_and_addresses_are_blanked_out(value: object, shown: object) -> None:
    assert redact(None, "info", {"event": "x", "value": value}) == {"event": "x", "value": shown}


def test_chatty_libraries_speak_only_of_trouble() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        configure("DEBUG", json=False)
        assert not logging.getLogger("uvicorn.access").isEnabledFor(logging.INFO)
        assert structlog.get_logger("mile").isEnabledFor(logging.DEBUG)
        said = io.StringIO()
        root.handlers = [logging.StreamHandler(said)]
        with (
            httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client,
            httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200))) as provider,
        ):
            client.get("https://mile.example.org/")
            provider.get("https://accounts.example.org/authorize")
        # As it says which server it connects to.
        logging.getLogger("httpcore2.connection").debug("connect_tcp.started host='calendar.example.org'")
        assert said.getvalue() == ""
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()

"""How operators see the keys of links: by their ids, with what each is good for."""

import json

import pytest

from cli.links import keys as keys_module
from services.links import LinkKeyUse

KEYS = (
    LinkKeyUse(key_id="1a2b3c4d", makes_new=True, is_set=True, links=3),
    LinkKeyUse(key_id="5e6f7a8b", makes_new=False, is_set=True, links=40),
    LinkKeyUse(key_id=None, makes_new=False, is_set=False, links=7),
)


def test_keys_are_listed_with_their_use_and_their_links(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keys_module, "call_service", lambda *_: KEYS)
    keys_module.keys_command()
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "Key Use Links",
        "1a2b3c4d makes new links 3",
        "5e6f7a8b repeats links of emails that are tried again 40",
        "none not in MILE_LINK_SECRET 7",
    ]
    keys_module.keys_command(as_json=True)
    assert [key["links"] for key in json.loads(capsys.readouterr().out)["keys"]] == [3, 40, 7]

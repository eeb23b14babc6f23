"""How staff see whose address failed twice in a week."""

import json

import pytest

from cli.emails import outbox
from schemas.emails.incoming import SoftBounced


@pytest.mark.parametrize("people", [(), (SoftBounced(cohort_id="mile-2027", person="M03", bounces=2, failure="450"),)])
def test_people_whose_address_failed_twice_are_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], people: tuple[SoftBounced, ...]
) -> None:
    monkeypatch.setattr(outbox, "call_service", lambda *_: people)
    outbox.bounces_command()
    shown = capsys.readouterr().out
    assert ("No address fails for now" in shown) is not bool(people)
    assert ("mile-2027 M03 2 450" in " ".join(shown.split())) is bool(people)
    outbox.bounces_command(as_json=True)
    assert [one["person"] for one in json.loads(capsys.readouterr().out)["people"]] == [one.person for one in people]

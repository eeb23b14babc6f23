import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from runtime.health import HealthFinding, check, link_secret
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.settings import Settings

ROOT = Path(__file__).parents[3]
NOWHERE = Settings.model_validate(
    {
        "database_url": "postgresql://mile:open-sesame@127.0.0.1:1/mile",
        "link_secret": "a" * 32,
        "public_url": "http://127.0.0.1:1",
        "sender": "mile@example.org",
        "smtp_port": 1,
        "temporal_address": "127.0.0.1:1",
    }
)


def _by_name(findings: list[HealthFinding]) -> dict[str, HealthFinding]:
    return {finding.name: finding for finding in findings}


async def test_where_nothing_runs_every_failure_says_what_to_do() -> None:
    findings = _by_name(await check(NOWHERE))
    assert [name for name, finding in findings.items() if finding.ok] == ["Python"]
    assert all(finding.advice for finding in findings.values())
    assert "open-sesame" not in str(findings)


async def test_where_everything_but_the_worker_and_the_pages_runs_only_those_are_missed() -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as folder:
        async with LocalStack(
            StackOptions(folder=Path(folder), ports=None, parts=frozenset({StackPart.MAIL}))
        ) as stack:
            findings = _by_name(await check(stack.settings))
    well = {name for name, finding in findings.items() if finding.ok}
    assert well == {
        "Python",
        "Link secret",
        "PostgreSQL",
        "Migrations",
        "Temporal",
        "Namespace",
        "Search attributes",
        "Mail",
    }
    missed = {name: finding.advice for name, finding in findings.items() if not finding.ok}
    assert all("mile worker" in advice for name, advice in missed.items() if name.startswith("Workers"))
    assert "mile web" in missed["Pages"]


@pytest.mark.parametrize(("secret", "strong"), [("a" * 40, False), ("0123456789abcdef0123456789abcdef", True)])
def test_a_monotonous_link_secret_is_called_easy_to_guess(secret: str, strong: bool) -> None:
    settings = Settings.model_validate({**NOWHERE.model_dump(), "link_secret": secret})
    assert link_secret(settings).ok is strong


def test_without_settings_the_doctor_fails_and_names_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "doctor", "--json"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    assert told["ok"] is False
    assert "MILE_DATABASE_URL" in next(each for each in told["checks"] if not each["ok"])["found"]

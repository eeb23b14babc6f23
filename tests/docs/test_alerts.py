"""The alert rules and the dashboard against the code and the run-book that they name."""

import json
import re
from pathlib import Path

import pytest

from services.metrics import GAUGES
from web.middleware.access_log import COUNTER, HISTOGRAM

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text()
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
ENTRIES = re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", RUNBOOK, re.MULTILINE)
ALERTS = dict(re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert|\Z)", RULES, re.DOTALL))
OURS = {*GAUGES, COUNTER[0], f"{HISTOGRAM[0]}_bucket"}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def _expressions() -> dict[str, str]:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "mile.json").read_text())
    shown = {panel["title"]: " ".join(each["expr"] for each in panel["targets"]) for panel in dashboard["panels"]}
    return shown | {name: re.findall(r"expr: (.+)", rule)[0] for name, rule in ALERTS.items()}


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_names_an_entry_of_the_run_book_that_has_its_name(alert: str) -> None:
    (page, anchor), *more = re.findall(r"runbook: docs/(\S+)#(\S+)", ALERTS[alert])
    assert (page, more) == ("runbook.md", [])
    entries = {_anchor(heading): entry for heading, entry in ENTRIES}
    assert f"`{alert}`" in entries[anchor]


@pytest.mark.parametrize("name", _expressions())
def test_alerts_and_panels_ask_for_metrics_that_there_are(name: str) -> None:
    asked = set(re.findall(r"\bmile_\w+", _expressions()[name]))
    assert asked <= OURS


def test_every_gauge_is_shown_or_alerts() -> None:
    text = " ".join(_expressions().values())
    assert {name for name in GAUGES if not re.search(rf"\b{name}\b", text)} <= {"mile_responses"}


# Which checks the table leaves out, and why.
NOT_IN_THE_TABLE = {
    "Python": "an older one cannot run the command",
    "Emails": "said beside a line about PostgreSQL or the migrations",
    "Sender's domain": "neither fails nor warns",
}


def test_the_table_of_the_doctor_has_its_checks_and_no_others() -> None:
    rows = re.findall(r"^\| ([A-Z][\w ]+?)(?: of …)?: .*\|.*\|.*\|$", RUNBOOK, re.MULTILINE)
    names = ("runtime/health.py", "emails/sender_domain.py", "cli/server/doctor.py")
    rooms = ("runtime", "services")
    files = [ROOT / name for name in names] + [file for room in rooms for file in (ROOT / room).glob("*_health.py")]
    source = " ".join(file.read_text() for file in files)
    checks = set(re.findall(r"(?:HealthFinding|finding_of|_finding)\(\s*f?\"([\w' ]+?)(?: of \{[^\"]*)?\"", source))
    assert {*rows} == checks - NOT_IN_THE_TABLE.keys()
    assert checks >= NOT_IN_THE_TABLE.keys()

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
ALERTS = dict(re.findall(r"- alert: (\w+)\n(.*?)(?=\n      - alert|\Z)", RULES, re.DOTALL))
OURS = {*GAUGES, COUNTER[0], f"{HISTOGRAM[0]}_bucket"}


def _anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def _expressions() -> dict[str, str]:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "mile.json").read_text())
    shown = {panel["title"]: " ".join(each["expr"] for each in panel["targets"]) for panel in dashboard["panels"]}
    return shown | {name: re.findall(r"expr: (.+)", rule)[0] for name, rule in ALERTS.items()}


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_names_an_entry_of_the_run_book(alert: str) -> None:
    (page, anchor), *more = re.findall(r"runbook: docs/(\S+)#(\S+)", ALERTS[alert])
    assert (page, more) == ("runbook.md", [])
    assert anchor in _anchors(RUNBOOK)


@pytest.mark.parametrize("name", _expressions())
def test_alerts_and_panels_ask_for_metrics_that_there_are(name: str) -> None:
    asked = set(re.findall(r"\bmile_\w+", _expressions()[name]))
    assert asked <= OURS


def test_every_gauge_is_shown_or_alerts() -> None:
    text = " ".join(_expressions().values())
    assert {name for name in GAUGES if not re.search(rf"\b{name}\b", text)} <= {"mile_responses"}


def test_the_table_of_the_doctor_has_names_of_its_checks() -> None:
    rows = re.findall(r"^\| ([A-Z][\w ]+?)(?: of …)?: .*\|.*\|.*\|$", RUNBOOK, re.MULTILINE)
    checks = [ROOT / "runtime" / "health.py", *(ROOT / "services").glob("*_health.py"), ROOT / "cli/server/doctor.py"]
    source = " ".join(file.read_text() for file in checks)
    assert len(rows) == 26
    assert [name for name in rows if f'"{name}' not in source and f'f"{name} of' not in source] == []

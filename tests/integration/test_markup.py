"""The HTML of every email: valid by the Nu checker, and readable by axe in light and in dark."""

import json
from collections import Counter
from pathlib import Path

import pytest
from playwright.async_api import Browser

from emails.rendering import render
from emails.samples import SAMPLE_COHORT, all_samples
from tests.emails.barriers import barriers
from tests.integration.checkers import require, require_node_module, run


def complaints(folder: Path) -> Counter[str]:
    """Return what the Nu checker (vnu) says about the HTML files in a folder, and how often."""
    java = require("java", "default-jre-headless")
    jar = require_node_module("vnu-jar/build/dist/vnu.jar")
    ran = run(java, "-jar", jar, "--format", "json", "--exit-zero-always", folder, home=folder)
    return Counter(message["message"] for message in json.loads(ran.stderr)["messages"])


def test_html_of_every_email_is_valid(tmp_path: Path) -> None:
    for name, context in all_samples(SAMPLE_COHORT).items():
        (tmp_path / f"{name.replace(' ', '-')}.html").write_text(render(context).html, encoding="utf-8")
    assert complaints(tmp_path) == Counter()


def test_invalid_html_is_noticed(tmp_path: Path) -> None:
    html = render(next(iter(all_samples(SAMPLE_COHORT).values()))).html
    (tmp_path / "one.html").write_text(html.replace("<h1", "<p><h1", 1).replace("<p ", "<p foo ", 1))
    assert any("foo" in message for message in complaints(tmp_path))


@pytest.mark.browser
async def test_every_email_is_without_barriers_in_light_and_dark(browser: Browser) -> None:
    emails = {name: render(context).html for name, context in all_samples(SAMPLE_COHORT).items()}
    assert await barriers(browser, emails) == {}

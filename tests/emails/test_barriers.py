"""No email is in its readers' way, in light or in dark; make integration looks at every sample of each kind."""

import pytest
from playwright.async_api import Browser

from emails.rendering import render
from emails.samples import SAMPLE_COHORT, SampleCast, samples
from schemas.enums import EmailKind
from tests.emails.barriers import barriers

pytestmark = pytest.mark.browser

CAST = SampleCast(SAMPLE_COHORT)


async def test_each_kind_of_email_is_without_barriers_in_light_and_dark(browser: Browser) -> None:
    emails = {str(kind): render(next(iter(samples(kind, CAST).values()))).html for kind in EmailKind}
    assert await barriers(browser, emails) == {}


async def test_barriers_are_noticed(browser: Browser) -> None:
    html = render(next(iter(samples(EmailKind.WELCOME, CAST).values()))).html
    broken = {
        "light": html.replace("color: #1f2a30", "color: #c0c0c0"),
        "dark": html.replace("color: #e8edee", "color: #202a2e"),
        "language": html.replace('lang="en"', ""),
        "width": html.replace("</h1>", '</h1><p style="width: 500px">Wide</p>'),
    }
    assert await barriers(browser, broken) == {
        "light": {"color-contrast in light"},
        "dark": {"color-contrast in dark"},
        "language": {"html-has-lang in light"},
        "width": {"too wide"},
    }

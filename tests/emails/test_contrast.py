"""Whether every email can be read, in light and in dark: contrast by the formula of WCAG 2.2, 1.4.3."""

import re

import pytest

from emails.rendering import Rendered

# What is read, and what it stands on.
READ_ON = {"body": "body", ".program": "body", "a": "body", ".footer": "body", ".card": ".card", ".button": ".button"}


def styles(css: str) -> dict[str, dict[str, str]]:
    return {
        selector.strip(): dict(re.findall(r"([\w-]+): ?(#[0-9a-f]{6})", block))
        for selector, block in re.findall(r"([\w.]+) \{([^}]*)\}", css)
    }


def luminance(color: str) -> float:
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def in_dark(email: Rendered) -> dict[str, dict[str, str]]:
    found = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?\n)\} ?</style>", email.html, re.DOTALL)
    assert found, "the dark colors are gone"
    return styles(found[1].replace(" !important", ""))


def in_light(email: Rendered) -> dict[str, dict[str, str]]:
    inlined: dict[str, dict[str, str]] = {}
    for tag, attributes in re.findall(r"<(\w+)((?: [\w-]+=\"[^\"]*\")*)>", email.html):
        named = re.search(r'class="(\w+)"', attributes)
        styled = re.search(r'style="([^"]*)"', attributes)
        if styled:
            inlined[f".{named[1]}" if named else tag] = dict(re.findall(r"([\w-]+): ?(#[0-9a-f]{6})", styled[1]))
    return inlined


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [in_light, in_dark], ids=["light", "dark"])
def test_contrast_is_at_least_4_5(email: Rendered, scheme: object) -> None:
    assert callable(scheme)
    colors = scheme(email)
    checked = [
        contrast(colors[what]["color"], colors[on]["background-color"])
        for what, on in READ_ON.items()
        if what in colors
    ]
    links_on_card = contrast(colors["a"]["color"], colors[".card"]["background-color"]) if ".card" in colors else 21
    assert len(checked) >= 4
    assert min(*checked, links_on_card) >= 4.5

"""The Markdown of staff's messages: what it makes, and what it does not let through."""

import pytest

from emails.markdown import to_html, to_text


@pytest.mark.parametrize(
    ("typed", "html", "text"),
    [
        ("One\n\ntwo", "<p>One</p>\n<p>two</p>\n", "One\n\ntwo"),
        ("One\ntwo", "<p>One<br>\ntwo</p>\n", "One\ntwo"),
        ("**a** *b*", "<p><strong>a</strong> <em>b</em></p>\n", "a b"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n", "- a\n- b"),
        ("2. a\n3. b", '<ol start="2">\n<li>a</li>\n<li>b</li>\n</ol>\n', "2. a\n3. b"),
        ("[w](https://a.example.org)", '<p><a href="https://a.example.org">w</a></p>\n', "w (https://a.example.org)"),
        ("[a@b.org](mailto:a@b.org)", '<p><a href="mailto:a@b.org">a@b.org</a></p>\n', "a@b.org"),
    ],
)
def test_what_is_understood(typed: str, html: str, text: str) -> None:
    assert (to_html(typed), to_text(typed)) == (html, text)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "![pixel](https://a.example.org/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](//a.example.org)",
        "[x](/staff)",
        "# heading",
        "`code`",
        "> quote",
        "[x]: https://a.example.org",
    ],
)
def test_what_is_not_understood_stays_text(typed: str) -> None:
    made = to_html(typed)
    tags = ("<script", "<img", "<h1", "<code", "<blockquote", 'href="javascript', 'href="data', 'href="/')
    assert [tag for tag in tags if tag in made] == []

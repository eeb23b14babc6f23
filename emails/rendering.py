"""How an email is written: from its kind and what it needs to know to subject, text and HTML, always the same."""

import re
import textwrap
from collections.abc import Mapping

import css_inline
import structlog
from jinja2 import PackageLoader, StrictUndefined, select_autoescape

from domain.languages import language
from emails.kinds._base.email import EmailContext
from emails.passages import Passages
from emails.template_filters import TemplateEnvironment, add_filters
from schemas.base import FrozenModel
from schemas.enums import EmailKind, Language

LONGEST_SUBJECT = 60
TEXT_WIDTH = 72
_log = structlog.get_logger(__name__)


class Rendered(FrozenModel):
    """An email's words: subject of at most 60 characters, plain text, and HTML with its styles in place."""

    kind: EmailKind
    language: Language
    subject: str
    text: str
    html: str


def render(context: EmailContext) -> Rendered:
    """Write an email. Raises jinja2.UndefinedError or KeyError where a word is missing."""
    passages = Passages(context)
    rendered = render_with(context, passages)
    # A newer release may ask for more than words that were checked by an older one; the standard stands for them.
    for passage in passages.problems:
        _log.warning("own_words_not_used", kind=context.kind, passage=passage)
    return rendered


def render_with(context: EmailContext, passages: Passages) -> Rendered:
    """Write an email with passages, which note what was used of them."""
    words = _words(context, passages)
    subject = _subject(_one_line_subject(context.kind, words))
    return Rendered(
        kind=context.kind,
        language=language(),
        subject=subject,
        text=_wrapped(_fill(context.kind, "body.txt", words)),
        html=_inliner.inline(_fill(context.kind, "body.html", words | {"subject": subject})),
    )


def whole_subject(context: EmailContext, passages: Passages) -> str:
    """Return the subject of an email on one line, however long it is."""
    return _one_line_subject(context.kind, _words(context, passages))


def _one_line_subject(kind: EmailKind, words: Mapping[str, object]) -> str:
    return " ".join(_fill(kind, "subject.txt", words).split())


def _words(context: EmailContext, passages: Passages) -> dict[str, object]:
    names = (*type(context).model_fields, *type(context).model_computed_fields)
    return {name: getattr(context, name) for name in names} | {"say": passages}


def _fill(kind: EmailKind, part: str, words: Mapping[str, object]) -> str:
    return _templates.get_template(f"{kind}/{part}").render(words)


def _subject(line: str) -> str:
    return line if len(line) <= LONGEST_SUBJECT else textwrap.shorten(line, LONGEST_SUBJECT, placeholder=" …")


def _wrapped(text: str) -> str:
    lines = [_wrapped_line(line) for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _wrapped_line(line: str) -> str:
    if len(line) <= TEXT_WIDTH and "\t" not in line:
        return line.rstrip()
    # What textwrap.fill does, many times as fast.
    indent = "> " if line.startswith("> ") else "  " if line.startswith(("- ", "  ")) else ""
    rest = line.expandtabs().rstrip()
    words_begin = len(rest) - len(rest.lstrip(" "))
    lines = []
    while len(rest) > TEXT_WIDTH:
        # At the last space that leaves a short line, or else after a word that is longer than a line.
        end = rest.rfind(" ", words_begin, TEXT_WIDTH + 1)
        end = end if end >= 0 else rest.find(" ", TEXT_WIDTH)
        if end < 0:
            break
        lines.append(rest[:end].rstrip(" "))
        rest = indent + rest[end:].lstrip(" ")
        words_begin = len(indent)
    return "\n".join([*lines, rest])


_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_templates = TemplateEnvironment(
    loader=PackageLoader("emails", "kinds"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
add_filters(_templates)

"""The Markdown that staff may write in emails: paragraphs, emphasis, lists and links; nothing else is understood.

A handbook is a page of its own, and may have headings, too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_SCHEMES = frozenset({"http", "https", "mailto"})
# Images would let somebody see who reads what, headings belong to the email, and HTML stays the text that it is.
_RULES = ["emphasis", "escape", "link", "list", "newline"]
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_RULE = "placeholder"


def _placeholder(state: StateInline, silent: bool) -> bool:
    found = PLACEHOLDER.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push(_RULE, "", 0).content = found[1]
    state.pos = found.end()
    return True


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"breaks": True}).enable(_RULES)
    parser.validateLink = lambda url: urlsplit(url).scheme in _SCHEMES  # type: ignore[method-assign]
    return parser


def _value(_: RendererHTML, tokens: Sequence[Token], place: int, __: OptionsDict, values: EnvType) -> str:
    # Replaced only once it is parsed, so that nobody's name is taken for Markdown.
    return escapeHtml(values[tokens[place].content])


_markdown, _template, _page = _parser(), _parser(), _parser().enable("heading")
_template.inline.ruler.push(_RULE, _placeholder)
_template.add_render_rule(_RULE, _value)


def to_html(text: str, values: Mapping[str, str] | None = None) -> str:
    """Return a text as HTML without attributes other than the addresses of links.

    With ``values``, each placeholder such as ``{due}`` is replaced by its value, in which nothing is Markdown or HTML.
    Raises KeyError where a placeholder has no value.
    """
    return str(_template.renderer.render(_tokens(text, values), _template.options, dict(values or {})))


def to_page_html(text: str) -> str:
    """Return a text with headings as HTML: all are of the second level, and each has its words as its id.

    Staff may begin with a heading of any level, and pages must not skip one.
    """
    tokens, ids = _page.parse(text), Counter[str]()
    for token, words in pairwise(tokens):
        if token.type == "heading_open":
            id_ = re.sub(r"\W+", "-", words.content.lower()).strip("-")
            ids[id_] += 1
            token.attrSet("id", id_ if ids[id_] == 1 else f"{id_}-{ids[id_]}")
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h2"
    return str(_page.renderer.render(tokens, _page.options, {}))


def to_text(text: str, values: Mapping[str, str] | None = None) -> str:
    """Return a text as plain text: links with their addresses behind them, lists with their signs.

    ``values`` are as for ``to_html``.
    """
    return "\n\n".join("\n".join(lines) for lines in _blocks(_tokens(text, values), values or {}))


def placeholders_in(text: str) -> tuple[str, ...]:
    """Return the names of a text's placeholders, where they would be replaced."""
    inline = (child for token in _parsed(text) for child in token.children or ())
    return tuple(child.content for child in inline if child.type == _RULE)


def link_addresses(text: str) -> tuple[str, ...]:
    """Return where the links of a text lead."""
    inline = (child for token in _parsed(text) for child in token.children or ())
    return tuple(str(child.attrGet("href") or "") for child in inline if child.type == "link_open")


def _tokens(text: str, values: Mapping[str, str] | None) -> Sequence[Token]:
    return _markdown.parse(text) if values is None else _parsed(text)


# The emails of a day have few passages, each of them many times. Whoever gets the tokens changes none.
@lru_cache(maxsize=512)
def _parsed(text: str) -> Sequence[Token]:
    return tuple(_template.parse(text))


def _blocks(tokens: Sequence[Token], values: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the lines of each paragraph, and of each list as a whole."""
    items: list[str] = []
    depth, numbers = 0, list[int | None]()
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
            numbers.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            numbers.pop()
            if not depth:
                yield items
                items = []
        elif token.type == "inline" and depth:
            items.append(f"{'  ' * (depth - 1)}{_sign(numbers)} {' '.join(_inline(token, values).split())}")
        elif token.type == "inline":
            yield _inline(token, values).split("\n")


def _sign(numbers: list[int | None]) -> str:
    number = numbers[-1]
    if number is None:
        return "-"
    numbers[-1] = number + 1
    return f"{number}."


def _inline(token: Token, values: Mapping[str, str]) -> str:
    words, address = "", ""
    for child in token.children or ():
        if child.type == "link_open":
            address = str(child.attrGet("href") or "")
        elif child.type == "link_close":
            shown = address.removeprefix("mailto:")
            words += "" if words.endswith(shown) else f" ({shown})"
        elif child.type in {"softbreak", "hardbreak"}:
            words += "\n"
        else:
            words += values[child.content] if child.type == _RULE else child.content
    return words

"""The Markdown that staff may write in emails: paragraphs, emphasis, lists and links; nothing else is understood."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SCHEMES = frozenset({"http", "https", "mailto"})
# Images would let somebody see who reads what, headings belong to the email, and HTML stays the text that it is.
_RULES = ["emphasis", "escape", "link", "list", "newline"]
_markdown = MarkdownIt("zero", {"breaks": True}).enable(_RULES)
_markdown.validateLink = lambda url: urlsplit(url).scheme in _SCHEMES  # type: ignore[method-assign]


def to_html(text: str) -> str:
    """Return a text as HTML without attributes other than the addresses of links."""
    return str(_markdown.render(text))


def to_text(text: str) -> str:
    """Return a text as plain text: links with their addresses behind them, lists with their signs."""
    blocks = _blocks(_markdown.parse(text))
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _blocks(tokens: Sequence[Token]) -> Iterator[list[str]]:
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
            items.append(f"{'  ' * (depth - 1)}{_sign(numbers)} {' '.join(_inline(token).split())}")
        elif token.type == "inline":
            yield _inline(token).split("\n")


def _sign(numbers: list[int | None]) -> str:
    number = numbers[-1]
    if number is None:
        return "-"
    numbers[-1] = number + 1
    return f"{number}."


def _inline(token: Token) -> str:
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
            words += child.content
    return words

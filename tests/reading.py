"""How hard a text is to read, by a measure that others have published: the Automated Readability Index."""

from collections.abc import Iterable

from textstat import automated_readability_index  # type: ignore[import-untyped]

HIGHEST_GRADE = 8


def reading_grade(paragraphs: Iterable[str]) -> float:
    """Return the American school grade of paragraphs; a heading or a label counts as a sentence."""
    texts = (" ".join(paragraph.split()) for paragraph in paragraphs)
    sentences = [text if text.endswith((".", "?", "!")) else f"{text}." for text in texts if text]
    return float(automated_readability_index(" ".join(sentences)))

"""How hard a text is to read, by a measure that others have published: the Automated Readability Index."""

from collections.abc import Iterable

HIGHEST_GRADE = 8


def reading_grade(paragraphs: Iterable[str]) -> float:
    """Return the American school grade of paragraphs; a heading or a label counts as a sentence."""
    # Imported here: it takes a second, and each process that collects the tests would wait for it.
    from textstat import automated_readability_index  # type: ignore[import-untyped] # noqa: PLC0415

    texts = (" ".join(paragraph.split()) for paragraph in paragraphs)
    sentences = [text if text.endswith((".", "?", "!")) else f"{text}." for text in texts if text]
    return float(automated_readability_index(" ".join(sentences)))

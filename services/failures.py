"""Doing one thing after another, where one that fails keeps no other from its turn."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from runtime.redaction import place_of

_log = structlog.get_logger(__name__)


class Failures:
    """The errors of things that are done one after another, each logged by kind and place, and no more (A34)."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._errors: list[Exception] = []

    @contextmanager
    def collected(self, **ids: str) -> Iterator[None]:
        """Keep the error of one of these things for the end, when the others had their turn."""
        try:
            yield
        except Exception as error:
            _log.warning(self._event, kind=type(error).__name__, place=place_of(error), **ids)
            self._errors.append(error)

    def raise_all(self) -> None:
        """Raise every error that was collected, as one ExceptionGroup; nothing where there was none."""
        if self._errors:
            raise ExceptionGroup(self._event, self._errors)

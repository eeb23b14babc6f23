"""How Temporal's payloads are read: also those that a newer release wrote, whose new fields are kept."""

from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import CompositePayloadConverter, DefaultPayloadConverter, JSONPlainPayloadConverter


class StoredJsonConverter(PydanticJSONPlainPayloadConverter):
    """Reads models whatever a newer release added to them, at any depth, and writes that again with them.

    A state goes from run to run for 18 months; a release that is taken back must read what the one after it wrote, also
    where it holds settings, whose files refuse what nobody knows.
    """

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Return what a payload holds."""
        adapter: TypeAdapter[Any] = self._type_adapter(Any if type_hint is None else type_hint)
        return adapter.validate_json(payload.data, extra="allow")


# One for all: the SDK makes a converter for every workflow and task, and each would learn the types anew.
STORED_JSON = StoredJsonConverter()


class StoredPayloadConverter(CompositePayloadConverter):
    """The converters of the SDK, with ours for JSON."""

    def __init__(self) -> None:
        """Take the SDK's order."""
        super().__init__(
            *(
                STORED_JSON if isinstance(each, JSONPlainPayloadConverter) else each
                for each in DefaultPayloadConverter.default_encoding_payload_converters
            )
        )

"""Payloads are converted alike whatever they belong to, so the sandbox need not be entered to ask for their context."""

from temporalio.converter import DataConverter, WithSerializationContext, WorkflowSerializationContext

from runtime.temporal import plugin

CONTEXT = WorkflowSerializationContext(namespace="default", workflow_id="mentorship-mile-2019-001")


def test_no_converter_looks_at_the_context_of_a_payload() -> None:
    shared = plugin().data_converter
    assert isinstance(shared, DataConverter)
    # The SDK returns another converter where any part of it takes the context.
    assert shared.with_context(CONTEXT) is shared
    assert not isinstance(shared.failure_converter, WithSerializationContext)
    assert (shared.payload_codec, shared.external_storage) == (None, None)

"""How workflows run: in the SDK's sandbox, which is entered for their code and not for each of their payloads."""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info


class ContextFreeRunner(SandboxedWorkflowRunner):
    """The sandbox, for converters that treat every payload alike."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return the instance of a workflow that runs in the sandbox."""
        return ContextFreeInstance(super().create_instance(det))


class ContextFreeInstance(WorkflowInstance):
    """A workflow whose payloads have no context.

    The SDK asks for the context of each payload, up to three times, and the sandbox has itself entered to answer: a
    sixth of a worker's time, for a context that our converters do not look at.
    """

    def __init__(self, instance: WorkflowInstance) -> None:
        """Run as this instance does."""
        self._instance = instance

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Run the workflow's code."""
        return self._instance.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        """Return that there is none."""

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        """Return the empty one: every payload stays in the history."""
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        """Return what the workflow is told about itself."""
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        """Return the thread that runs the workflow now, for the SDK's detection of deadlocks."""
        return self._instance.get_thread_id()

"""The first build of a deployment, whose worker polls a moment before Temporal lists the deployment."""

from datetime import UTC, datetime

import pytest

from runtime.deployments import DeployedVersion, Deployment, Pollers
from schemas.actor import Actor, ActorKind
from schemas.releases import VersionState
from services import releases
from services.context import ServiceContext

OPERATOR = Actor(kind=ActorKind.STAFF, name="amina")
NOW = datetime(2027, 1, 1, tzinfo=UTC)


async def test_it_is_waited_for_until_the_deployment_lists_it(
    context: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = DeployedVersion(build="1", state=VersionState.INACTIVE, created_at=NOW, last_current_at=None)
    answers = [None, Deployment(name="mile"), Deployment(name="mile", versions=(listed,))]
    made_current: list[Deployment] = []

    async def find(*_: object) -> Deployment | None:
        return answers.pop(0)

    async def polls(*_: object) -> Pollers:
        return Pollers(by_build={"1": 1})

    async def make_current(_: ServiceContext, found: Deployment, __: str) -> None:
        made_current.append(found)

    async def no_cohort(*_: object) -> tuple[()]:
        return ()

    monkeypatch.setattr(releases, "open_runs", no_cohort)
    monkeypatch.setattr(releases, "find_deployment", find)
    monkeypatch.setattr(releases, "workflow_pollers", polls)
    monkeypatch.setattr(releases, "_make_current", make_current)
    assert (await releases.start(context, OPERATOR, "mile", "1")).done
    assert [each.versions for each in made_current] == [(listed,)]

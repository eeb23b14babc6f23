"""A link that reaches the log, in whatever message, has no token in it."""

from starlette.applications import Starlette
from starlette.routing import Route

from emails.links import random_token
from runtime.logging import redact


def with_token(app: Starlette) -> list[str]:
    return [route.path for route in app.routes if isinstance(route, Route) and "{token}" in route.path]


def test_token_of_every_page_is_redacted(app: Starlette) -> None:
    paths, token = with_token(app), random_token()
    assert {"/r/{token}", "/staff/sign-in/{token}"} <= set(paths)
    for path in paths:
        event = redact(None, "info", {"event": f"GET {path.replace('{token}', token)} failed"})["event"]
        assert token not in event, path

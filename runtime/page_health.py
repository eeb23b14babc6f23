"""Health checks of the pages, asked at their public address: whether they answer, and trust the proxy before them."""

import asyncio
import http.client
import json
import urllib.error
import urllib.request
from http import HTTPStatus

from runtime.health_finding import ANSWERS_WITHIN, HealthFinding, finding_of
from runtime.settings import Settings
from schemas.errors import MileError


async def check_pages(settings: Settings) -> list[HealthFinding]:
    """Check that the pages answer as themselves; a proxy that they do not trust is warned of."""
    advice = "Run: mile web (and look at its log), or correct MILE_PUBLIC_URL."
    url = f"{settings.public_url}/readyz"
    answer: dict[str, object] = {}

    async def ask() -> str:
        status, content = await asyncio.to_thread(_ask_health, url)
        answer.update(content)
        if "ready" not in content:
            raise MileError(f"{url} is answered by something else (status {status})")
        if status != HTTPStatus.OK:
            raise MileError(f"{url} answers {status}")
        return f"{settings.public_url} is well"

    pages = await finding_of("Pages", ask, advice)
    return [pages, _UNANNOUNCED] if answer.get("proxy_announced") is False else [pages]


_UNANNOUNCED = HealthFinding(
    "Proxy",
    True,
    "the pages do not trust the proxy before them, so all participants share one rate limit",
    "Set FORWARDED_ALLOW_IPS of mile web to the proxy's address.",
    warning=True,
)


def _ask_health(url: str) -> tuple[int, dict[str, object]]:
    try:
        # The setting allows only http and https.
        with urllib.request.urlopen(url, timeout=ANSWERS_WITHIN.total_seconds()) as answer:  # noqa: S310
            return answer.status, _json_object(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _json_object(error.read())
    except http.client.HTTPException as error:
        raise MileError(f"{url} is answered by something that does not speak HTTP") from error


def _json_object(content: bytes) -> dict[str, object]:
    """Return a JSON object; whatever else answers in place of the pages says nothing."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

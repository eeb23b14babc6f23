"""The language of public pages: the one that their address names, or else the one that the browser asks for."""

from collections.abc import Sequence

from starlette.requests import Request

from domain.languages import negotiated, speak
from schemas.enums import Language
from schemas.forms.questions import LANGUAGES

PARAMETER = "language"


def speak_as_asked(request: Request, offered: Sequence[Language]) -> None:
    """Write a page in the language that is asked for, if it is offered, or else in the first that is."""
    accepted = _preferred(request.headers.get("accept-language", ""))
    speak(named_language(request, offered) or negotiated(accepted, offered))


def named_language(request: Request, offered: Sequence[Language]) -> Language | None:
    """Return the language that the address of a page names, if it is offered."""
    named = request.query_params.get(PARAMETER)
    return next((language for language in offered if language == named), None)


def languages_offered(request: Request, offered: Sequence[Language]) -> list[tuple[str, str, str]]:
    """Return (code, name, address) for a page in each language that is offered; nothing where it is only one."""
    if len(offered) < 2:
        return []
    names = {choice.value: choice.label for choice in LANGUAGES}
    return [(code, names[code], with_language(request.url.path, code)) for code in offered]


def with_language(path: str, language: Language | None) -> str:
    """Return the address of a page in a language, if one was named."""
    return f"{path}?{PARAMETER}={language}" if language else path


def _preferred(accepted: str) -> list[str]:
    """Return the languages of an Accept-Language header (RFC 9110), the one that is wanted most first."""
    weighted = []
    for part in accepted.split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            weighted.append((tag.strip(), float(weight.strip().removeprefix("q=") or 1)))
        except ValueError:
            continue
    return [tag for tag, weight in sorted(weighted, key=lambda each: -each[1]) if weight > 0 and tag.isascii()]

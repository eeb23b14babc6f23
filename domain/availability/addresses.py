"""The address of a calendar, as people copy it from their calendar program."""

from urllib.parse import quote, urlsplit

from domain.languages import gettext
from schemas.errors import CalendarRefused

# What may stand in a path or a query as it is; the percent sign of what is quoted already, too.
SAFE = "/:?@!$&'()*+,;=~%-._"


def check_address(address: str) -> str:
    """Return an address as a request writes it; raises CalendarRefused where it is no ``https://`` address.

    Calendar programs write ``webcal://`` for the same.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise CalendarRefused(gettext("This is not a complete address.")) from None
    if parts.scheme not in {"https", "webcal"} or not host:
        raise CalendarRefused(gettext("The address has to begin with https://."))
    if parts.username or parts.password:
        raise CalendarRefused(gettext("The address has a name or a password in it, which we do not keep."))
    place = f"[{host}]" if ":" in host else host
    asked = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    return f"https://{place}{f':{port}' if port else ''}{asked}"

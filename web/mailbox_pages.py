"""The local stack's mailbox as pages: every captured email with its parts. None of them was really sent."""

from ipaddress import ip_address
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from web.mailbox_reader import read_email, read_emails
from web.middleware.protection import CONTENT_SECURITY_POLICY
from web.pages import Pages

# A captured email is shown in an iframe without scripts; it brings its own inline styles.
_POLICY_WITH_FRAME = (
    CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; frame-src 'self'"
)


class MailboxPages:
    """Lists and shows captured emails."""

    def __init__(self, folder: Path, pages: Pages) -> None:
        self._folder = folder
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes of the local mailbox."""
        return [
            Route("/mailbox", self.list_emails, methods=["GET"], name="mailbox"),
            Route("/mailbox/{key}", self.show_email, methods=["GET"], name="mailbox_email"),
        ]

    def list_emails(self, request: Request) -> HTMLResponse:
        """List every captured email, or those to one recipient."""
        if not _is_local_request(request):
            return self._pages.not_found()
        recipient = request.query_params.get("to", "")
        emails = read_emails(self._folder)
        return self._pages.page(
            "mailbox.html",
            recipients=sorted({email.to: email.to_id for email in emails}.items()),
            wanted=recipient,
            emails=[email for email in emails if recipient in {"", email.to_id}],
            total=len(emails),
        )

    def show_email(self, request: Request) -> HTMLResponse:
        """Show one captured email: its headers, text, HTML and source."""
        email = read_email(self._folder, request.path_params["key"]) if _is_local_request(request) else None
        if email is None:
            return self._pages.not_found()
        page = self._pages.page("mailbox_email.html", caught=email, framed=_with_links_in_new_tabs(email.html))
        page.headers["Content-Security-Policy"] = _POLICY_WITH_FRAME
        return page


def _is_local_request(request: Request) -> bool:
    """Tell whether the request names this machine by a number or as localhost.

    Any other name may be one that a website made to point here, so that its scripts could read the emails in our
    visitor's browser (DNS rebinding).
    """
    name = request.url.hostname or ""
    try:
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def _with_links_in_new_tabs(html: str) -> str:
    """Return an email whose links open in a new tab, because our pages refuse to be shown in a frame."""
    return html.replace("<head>", '<head><base target="_blank">', 1)

"""Rendering of pages: the layout, the program's name, and the contact to ask."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from domain.cohort.program_text import responsibilities
from domain.forms import answer_label
from domain.labels import label
from domain.languages import gettext
from domain.mentorship.concern_words import short_concerns
from domain.mentorship.my_mentorship import title_of
from emails.template_filters import TemplateEnvironment, add_filters
from schemas.cohort.settings import CohortSettings, Program, ProgramContact
from web.form import readers_note, shared_readers

STATIC = Path(__file__).parent / "static"


def _address(file: str) -> str:
    # A file may be kept for a year: a changed one has another address.
    return f"/static/{file}?v={hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:12]}"


# One environment for the pages that are served and for those that are written as files.
templates = TemplateEnvironment(
    loader=PackageLoader("web"),
    autoescape=True,
    # A missing value is an error, not an empty place on somebody's page.
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
add_filters(templates)
templates.filters["label"] = label
templates.filters["answer_label"] = answer_label
templates.filters["short_concerns"] = short_concerns
templates.globals.update(shared_readers=shared_readers, readers_note=readers_note, responsibilities=responsibilities)
# Several words are somebody's own; single ones are choices and days.
templates.tests["in_words"] = lambda text: len(str(text).split()) > 1
templates.globals.update(title_of=title_of)
templates.globals.update(stylesheet=_address("mile.css"), document_stylesheet=_address("document.css"))
templates.globals.update(passkey_script=_address("passkeys.js"))


class Pages:
    """Renders pages; a page about one cohort shows that cohort's names and contact, any other page the default ones."""

    def __init__(self, program: Program, contact: ProgramContact | None) -> None:
        self.program = program
        self._contact = contact

    def page(
        self, template: str, status: int = 200, *, cohort: CohortSettings | None = None, **context: object
    ) -> HTMLResponse:
        """Fill a template; raises jinja2.UndefinedError where a value it needs is missing."""
        program = cohort.program if cohort else self.program
        contact = cohort.contact if cohort else self._contact
        filled = templates.get_template(template).render(
            {"program": program, "contact": contact, "cohort": cohort, "back": "", **context}
        )
        return HTMLResponse(filled, status_code=status)

    def notice(
        self,
        heading: str,
        *sentences: str,
        status: int = 200,
        cohort: CohortSettings | None = None,
        typed: Sequence[tuple[str, str]] = (),
        offers_links: bool = False,
        back: str = "",
    ) -> HTMLResponse:
        """Return a page that says one thing in a few sentences, and whom to ask.

        ``typed`` is (label, text) for each text that was not saved; the page shows it, so that it can be copied.
        ``offers_links`` adds the way to new links, ``back`` the one to the page that it was opened from.
        """
        return self.page(
            "notice.html",
            status,
            cohort=cohort,
            heading=heading,
            sentences=sentences,
            typed=typed,
            offers_links=offers_links,
            back=back,
        )

    def unknown_link(self, typed: Sequence[tuple[str, str]] = ()) -> HTMLResponse:
        """Return the page of every link that does not work: unknown, expired and revoked ones look the same."""
        return self.notice(
            gettext("This link does not work"),
            gettext("It may be too old, or a part of it may be missing."),
            gettext("Try the link in our newest email to you."),
            status=404,
            typed=typed,
            offers_links=True,
        )

    def not_found(self) -> HTMLResponse:
        """Return the page of an unknown address."""
        return self.notice(
            gettext("We can’t find this page"),
            gettext("Please check the address, or use a link from one of our emails."),
            status=404,
        )

    def too_large(self) -> HTMLResponse:
        """Return the page for a form that is too large to be read."""
        return self.notice(
            gettext("Your text is too long"),
            gettext("We could not save what you sent, because it is too long."),
            gettext(
                "Your browser may still have it if you go back. Shorten it to 4,000 characters or fewer, and send it"
                " again."
            ),
            status=413,
        )

    def too_slow(self) -> HTMLResponse:
        """Return the page for a form that did not arrive as a whole in time."""
        return self.notice(
            gettext("Your answers did not arrive"),
            gettext("The connection was too slow, so we saved nothing."),
            gettext("Reload this page. If your browser asks whether to send it again, say yes."),
            status=408,
        )

    def too_many_requests(self) -> HTMLResponse:
        """Return the page for a client or a link above its rate limit."""
        return self.notice(
            gettext("Please wait a moment"),
            gettext("There were too many requests in a short time. We did not save what you just sent."),
            gettext("Wait a minute, then reload this page. If your browser asks whether to send it again, say yes."),
            status=429,
        )

    def cross_site(self) -> HTMLResponse:
        """Return the page for a form that another site tried to send."""
        return self.notice(
            gettext("This did not come from our page"),
            gettext("Another website tried to send this form in your name. We saved nothing."),
            gettext("Please open the link in your email and answer there."),
            status=403,
        )

    def unavailable(self, typed: Sequence[tuple[str, str]] | None) -> HTMLResponse:
        """Return the page for a service that is away for a moment; see ``_send_again``."""
        sentence = gettext("We can’t show this page right now. We are sorry.")
        if typed is not None:
            sentence = gettext("We could not save this right now. We are sorry.")
        if typed:
            sentence = gettext(
                "We could not save this right now. We are sorry. This page still has everything you sent: wait a"
                " minute, then send it again."
            )
        return self._send_again(503, gettext("Please try again in a minute"), sentence, typed)

    def server_error(self, typed: Sequence[tuple[str, str]] | None) -> HTMLResponse:
        """Return the page for an unexpected error of the service; see ``_send_again``."""
        sentence = gettext("We are sorry. Please try again in a few minutes.")
        if typed is not None:
            sentence = gettext(
                "We are sorry. We probably did not save what you just sent. Please try again in a few minutes. Sending"
                " it twice does no harm."
            )
        if typed:
            sentence = gettext(
                "We are sorry. We probably did not save what you just sent. This page still has it: send it again in a"
                " few minutes. Sending it twice does no harm."
            )
        return self._send_again(500, gettext("Something went wrong on our side"), sentence, typed)

    def _send_again(
        self, status: int, heading: str, sentence: str, typed: Sequence[tuple[str, str]] | None
    ) -> HTMLResponse:
        """Return a page that has everything that was sent, with a button that sends it again.

        ``typed`` is (name, value) of everything in the form, or None where nothing was sent. Going back would not do:
        Firefox forgets what was typed on pages that may not be stored.
        """
        return self.page("send_again.html", status, heading=heading, sentence=sentence, typed=typed or ())

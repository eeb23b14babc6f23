"""The page for people whose address somebody else typed: it stops emails from the public pages of a cohort."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from schemas.actor import Actor
from schemas.applications.applicant import Applicant
from services.applicants import ApplicantService
from web.links import behind_link
from web.pages import Pages


class NotMePages:
    """Says what stopping does, stops the emails, and takes that back."""

    def __init__(self, applicants: ApplicantService, pages: Pages) -> None:
        self._applicants = applicants
        self._pages = pages

    @property
    def routes(self) -> list[Route]:
        """Return the routes below a personal link."""
        behind = behind_link(self._applicants.open, self._pages)
        return [
            Route("/a/{token}/not-me", behind(self.show), methods=["GET"], name="not_me"),
            Route("/a/{token}/not-me", behind(self.stop), methods=["POST"], name="emails_stopped"),
            Route("/a/{token}/not-me/undo", behind(self.resume), methods=["POST"], name="emails_resumed"),
        ]

    async def show(self, request: Request, applicant: Applicant) -> Response:
        """Say what the button does; scanners open links, so this changes nothing."""
        stopped = await self._applicants.are_emails_stopped(applicant)
        return self._page(request, applicant, stopped=stopped)

    async def stop(self, request: Request, applicant: Applicant) -> Response:
        """Stop emails to the address of a link."""
        await self._applicants.stop_emails(Actor.participant(applicant.person_id), applicant)
        return self._page(request, applicant, stopped=True)

    async def resume(self, request: Request, applicant: Applicant) -> Response:
        """Let emails come again; a link whose application was deleted leads nowhere."""
        await self._applicants.resume_emails(Actor.participant(applicant.person_id), applicant)
        return self._page(request, applicant, stopped=False)

    def _page(self, request: Request, applicant: Applicant, *, stopped: bool) -> Response:
        # Whoever saved a page, or was imported, keeps their application, and may need a link again.
        return self._pages.page(
            "not_me.html",
            cohort=applicant.cohort,
            stopped=stopped,
            continued=applicant.continued,
            token=request.path_params["token"],
        )

"""Where a response's page is: behind the link of an email, or below its owner's own page."""

from starlette.requests import Request

from schemas.base import FrozenModel


class PageAddress(FrozenModel):
    """The path of a page, of the page that it was opened from (empty where that was an email), and of its steps."""

    path: str
    opened_from: str = ""
    steps: str

    def of_step(self, milestone: str) -> str:
        """Return the path of the page of something else that is asked together with it."""
        return f"{self.steps}/{milestone}"


def own_page(request: Request) -> str:
    """Return the path of the own page that a request is about, or below which it is."""
    return f"/m/{request.path_params['token']}/{request.path_params['mentorship_id']}"


def page_address(request: Request) -> PageAddress:
    """Return where the page of a request is, without what is below it."""
    token = request.path_params["token"]
    if "mentorship_id" not in request.path_params:
        opened, steps = f"/r/{token}", f"/r/{token}/steps"
        milestone = request.path_params.get("milestone")
        return PageAddress(path=f"{steps}/{milestone}" if milestone else opened, steps=steps)
    page = own_page(request)
    steps = f"{page}/forms"
    return PageAddress(path=f"{steps}/{request.path_params['milestone']}", opened_from=page, steps=steps)

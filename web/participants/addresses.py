"""Where a response's page is: behind the link of an email, or below its owner's own page."""

from starlette.requests import Request

from schemas.base import FrozenModel


class PageAddress(FrozenModel):
    """The path of a page, and of the page that it was opened from: empty where that was an email."""

    path: str
    opened_from: str = ""


def page_address(request: Request) -> PageAddress:
    """Return where the page of a request is, without what is below it."""
    token = request.path_params["token"]
    if "mentorship_id" not in request.path_params:
        return PageAddress(path=f"/r/{token}")
    page = f"/m/{token}/{request.path_params['mentorship_id']}"
    return PageAddress(path=f"{page}/forms/{request.path_params['milestone']}", opened_from=page)

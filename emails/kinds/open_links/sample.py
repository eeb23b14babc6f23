"""Samples of the open links email."""

from emails.kinds.open_links.context import OpenLinksEmail
from emails.samples import SampleCast


def samples(cast: SampleCast) -> dict[str, OpenLinksEmail]:
    """Return the emails by what they are."""
    url = cast.to_mentor["page_url"].rpartition("/")[0]
    return {
        "open links": OpenLinksEmail(**cast.to_mentor | {"page_url": url}),
        "open links to the mentee": OpenLinksEmail(**cast.to_mentee | {"page_url": url}),
    }

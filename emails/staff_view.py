"""An email as staff may look back at it: without the words that people wrote for each other alone, and links."""

import re
from typing import Any

from emails.kinds._base.email import EmailContext
from emails.kinds._base.participant import ParticipantEmail
from emails.rendering import Rendered, render
from schemas.enums import EmailKind

WITHHELD = "[Words that only the two of them may read]"
# The token of a link, with what leads to it and what follows it.
_LINK = re.compile(r"https?://[^\s\"'<>]*/[a-z2-7]{26}[^\s\"'<>]*")
_HREF = re.compile(r"\shref=\"[^\"]*\"")


def render_for_staff(context: EmailContext) -> Rendered:
    """Write an email as ``render`` does, with people's words withheld (A34) and every link dead."""
    rendered = render(context.model_copy(update=_withheld(context)))
    return rendered.model_copy(
        update={"text": _LINK.sub("[link]", rendered.text), "html": _LINK.sub("", _HREF.sub("", rendered.html))}
    )


def _withheld(context: EmailContext) -> dict[str, Any]:
    """Return the fields in which a participant's own words stand, without them."""
    changed: dict[str, Any] = {}
    if getattr(context, "goals", ()):
        changed["goals"] = (WITHHELD,)
    if getattr(context, "intake", ()):
        changed["intake"] = ((WITHHELD, ()),)
    if getattr(context, "stuck_goals", ()):
        # That a goal is stuck was told to the partner, and the advice says it too.
        changed |= {"stuck_goals": (), "guidance": ()}
    if context.kind is EmailKind.GRATITUDE:
        changed["lines"] = (WITHHELD,)
    said = [name for name in ("place", "question") if getattr(context, name, None)]
    if isinstance(context, ParticipantEmail):
        changed |= dict.fromkeys(said, WITHHELD)
    meeting = getattr(context, "meeting_beside", None)
    if meeting and meeting.goals:
        changed["meeting_beside"] = meeting.model_copy(update={"goals": (WITHHELD,)})
    return changed

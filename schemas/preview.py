"""What a step of staff would do, computed without doing it."""

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import EmailKind, Recipient, StaffReason

# Staff are asked for a yes before a step emails more people than this at once.
FEW_PEOPLE = 10


class PreviewedEmail(FrozenModel):
    """An email that a step would cause.

    ``to`` is a person's id or a recipient such as ``staff``, ``side`` what they are to the email; ``at`` is None where
    it would leave at once, and ``soon`` says that it would leave when office hours begin. ``occurrence`` is 0 unless it
    is a reminder; a note to staff has a ``reason``.
    """

    to: str
    kind: EmailKind
    at: AwareDatetime | None = None
    side: Recipient | None = None
    occurrence: int = 0
    reason: StaffReason | None = None
    soon: bool = False


class Preview(FrozenModel):
    """What a step would change, who would be written to and when, and whether there is a way back.

    ``changes`` are sentences; there are none where a step would change nothing. ``way_back`` says how the step can be
    undone, and is None where it cannot. ``left_out`` are sentences about emails that will not leave, and why.
    """

    changes: tuple[str, ...] = ()
    emails: tuple[PreviewedEmail, ...] = ()
    left_out: tuple[str, ...] = ()
    way_back: str | None = None
    time_zone: str | None = None

    @property
    def people_at_once(self) -> int:
        """Return how many people, staff aside, get an email at once or when office hours begin."""
        emails = (email for email in self.emails if email.at is None or email.soon)
        people = {email.to for email in emails if email.side is not Recipient.STAFF}
        return len(people - {Recipient.STAFF})

    @property
    def needs_yes(self) -> bool:
        """Tell whether staff have to say yes: there is no way back, or many people are emailed at once."""
        return self.people_at_once > FEW_PEOPLE or bool(self.changes and self.way_back is None)


class StepResult(FrozenModel):
    """The result of a step of staff; of a dry run, ``done`` is false and ``preview`` is there."""

    done: bool
    preview: Preview | None = None

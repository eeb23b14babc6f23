"""The result of an import of applications: who is new, who changed, who was refused and why."""

from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from schemas.applications.people import MenteeApplication, MentorApplication, PersonId
from schemas.base import FrozenModel
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Problem
from schemas.preview import Preview

Applied = MentorApplication | MenteeApplication


def side_of(person: Applied) -> Side:
    """Return the side somebody applied for."""
    return Side.MENTOR if isinstance(person, MentorApplication) else Side.MENTEE


class StoredApplication(FrozenModel):
    """One stored application: its side, its status, and its answers."""

    side: Side
    status: ApplicationStatus = ApplicationStatus.ACCEPTED
    person: Applied

    @model_validator(mode="after")
    def _of_its_side(self) -> Self:
        if side_of(self.person) is not self.side:
            raise ValueError(f"{self.person.id} is no {self.side}")
        return self


class ChangedPerson(FrozenModel):
    """Somebody whose application an import changes, and in which columns."""

    id: PersonId
    columns: tuple[str, ...]


class RefusedRow(FrozenModel):
    """One thing wrong with one row of an imported file: where, what was found, and what to do."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    why: str

    @classmethod
    def of(cls, problem: Problem) -> "RefusedRow":
        """Return a problem as programs read it."""
        return cls(file=problem.file, row=problem.row, column=problem.column, value=problem.value, why=problem.message)


class ResendTarget(FrozenModel):
    """A running mentorship in which one side is to be written to again, because their address changed."""

    mentorship: str
    side: Side


class ImportResult(FrozenModel):
    """The result of an import, or of its dry run where ``saved`` is false; people are named by their ids.

    ``absent`` are those of the imported sides whom no row names: they stay as they are. ``waited`` are participants who
    were left without a mentor in an earlier class and go first in this one. ``links_revoked`` are those whose address
    changed after links had been sent to the old one, ``links_renewed`` those who are sent a new link of their own,
    ``closed`` the ids of drafts that nobody continued and whose address somebody imported has.
    """

    cohort: str
    saved: bool = False
    added: tuple[PersonId, ...] = ()
    changed: tuple[ChangedPerson, ...] = ()
    unchanged: tuple[PersonId, ...] = ()
    absent: tuple[PersonId, ...] = ()
    waited: tuple[PersonId, ...] = ()
    links_revoked: tuple[PersonId, ...] = ()
    links_renewed: tuple[PersonId, ...] = ()
    closed: tuple[PersonId, ...] = ()
    write_again: tuple[ResendTarget, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    refused_files: tuple[str, ...] = Field(default=(), description="Where the refused rows were written.")
    preview: Preview | None = None


class ApplicationRow(FrozenModel):
    """The status of one application; it is None before it is submitted. Name and library never enter the JSON.

    ``missing`` counts what is missing or wrong in a draft, and of mentees the goals, challenges
    and hopes that are asked before the kickoff (A35); ``complete`` says that it is nothing.
    """

    id: PersonId
    side: Side
    status: ApplicationStatus | None = None
    complete: bool
    missing: int
    began_at: AwareDatetime | None = None
    submitted_at: AwareDatetime | None = None
    rules_waived: bool = False
    waited: bool = False
    name: str = Field(default="", exclude=True)
    library: str = Field(default="", exclude=True)

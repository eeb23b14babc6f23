"""How the files of another form or program are read as ours."""

from pydantic import Field

from schemas.base import InputModel
from schemas.enums import Side, TextEncoding


class SideMapping(InputModel):
    """How one side's file of a foreign export is read.

    ``columns`` gives for our columns the file's headings, several joined by " + "; ``values`` for our columns what the
    file's words mean, where the word "" stands for an empty cell or a column that the file lacks, and the meaning ""
    for no answer. ``skip`` gives for a heading the words that mean that a row shall be left out. ``encoding`` is how
    the file was saved, where it does not say so itself.
    """

    columns: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    skip: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    encoding: TextEncoding | None = None


class ColumnMapping(InputModel):
    """A whole mapping.toml: how the two files of a foreign export are read."""

    mentors: SideMapping = SideMapping()
    participants: SideMapping = SideMapping()

    def of(self, side: Side) -> SideMapping:
        """Return how one side's file is read."""
        return self.mentors if side is Side.MENTOR else self.participants

    def filled_up(self, other: "ColumnMapping") -> "ColumnMapping":
        """Return this mapping, with the other one's for a side that this one says nothing of."""
        return ColumnMapping(
            mentors=self.mentors if self.mentors != NO_MAPPING else other.mentors,
            participants=self.participants if self.participants != NO_MAPPING else other.participants,
        )

    def saved_as(self, encoding: TextEncoding | None) -> "ColumnMapping":
        """Return this mapping for files that were saved in one encoding, or that say theirs themselves (None)."""
        said = {"encoding": encoding}
        return ColumnMapping(
            mentors=self.mentors.model_copy(update=said), participants=self.participants.model_copy(update=said)
        )


NO_MAPPING = SideMapping()

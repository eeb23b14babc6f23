"""A cohort as a folder of files describes it."""

from collections.abc import Mapping

from schemas.applications.mapping import ColumnMapping
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.personas import PersonaScript


class CohortFolder(FrozenModel):
    """A cohort's settings, its people, and how each of them acts in a rehearsal (by id, everybody named).

    ``mapping`` is how its lists were read, ``notes`` what somebody should look at in them.
    """

    settings: CohortSettings
    mentors: tuple[MentorApplication, ...]
    mentees: tuple[MenteeApplication, ...]
    personas: Mapping[str, PersonaScript]
    mapping: ColumnMapping = ColumnMapping()
    notes: tuple[str, ...] = ()

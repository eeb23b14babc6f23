"""A cohort as a folder of files describes it."""

from collections.abc import Mapping

from schemas.applications.people import MentorApplication, ParticipantApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.personas import PersonaScript


class CohortFolder(FrozenModel):
    """A cohort's settings, its people, and how each of them acts in a rehearsal (by id, everybody named)."""

    settings: CohortSettings
    mentors: tuple[MentorApplication, ...]
    participants: tuple[ParticipantApplication, ...]
    personas: Mapping[str, PersonaScript]

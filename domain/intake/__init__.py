"""Intake: what staff hand in (a cohort's settings, its mentors, its participants) becomes schemas or clear refusals.

Every reader takes the bytes of a file and the name to call it by; reading the file is the caller's. All of them raise
``BadInput`` with every problem found, and nothing else.
"""

from domain.intake.applications import ignored_columns, read_mentors, read_participants
from domain.intake.comparison import BESIDE, refused_rows
from domain.intake.folders import check_cohort, read_cohort
from domain.intake.personas import read_personas
from domain.intake.settings import read_settings
from domain.intake.sheets import read_sheet
from domain.intake.writing import write_people, write_rows

__all__ = [
    "BESIDE",
    "check_cohort",
    "ignored_columns",
    "read_cohort",
    "read_mentors",
    "read_participants",
    "read_personas",
    "read_settings",
    "read_sheet",
    "refused_rows",
    "write_people",
    "write_rows",
]

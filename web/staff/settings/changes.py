"""Settings changed on a form or in a file: what they would be, and what that moves."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from domain.cohort.settings_file import read_settings
from domain.cohort.settings_questions import settings_tables
from domain.cohort.settings_writing import write_tables
from schemas.cohort.settings import CohortSettings
from schemas.errors import BadInput, Refusal
from schemas.forms.cohort_settings import SETTINGS_PAGES
from schemas.preview import Preview
from services import settings as settings_service
from services.roles import list_roles
from services.settings import SettingsUpdate
from web.staff.console import StaffVisit

FILE = "cohort.toml"
# A whole handbook is longer.
LONGEST_SHOWN = 1000
LABELS = {question.name: question.label for page in SETTINGS_PAGES for question in page.questions}


def checked(tables: dict[str, Any]) -> CohortSettings:
    """Return tables as settings; raises Refusal that names each question as the form does."""
    return read_file(write_tables(tables), in_form=True)


def read_file(content: bytes, *, in_form: bool = False) -> CohortSettings:
    """Return the settings of a file; raises Refusal with everything that is wrong in it."""
    try:
        return read_settings(FILE, content)
    except BadInput as bad:
        if not in_form:
            raise
        raise Refusal("\n".join(_in_form(bad))) from None


def _in_form(bad: BadInput) -> Iterable[str]:
    for problem in bad.problems:
        key = problem.column or ""
        message = "please answer this" if problem.message.startswith("is missing") else _by_labels(problem.message, key)
        yield f"{label_of(key)}: {message}."


def _by_labels(message: str, key: str) -> str:
    """Return what is wrong with a key, with the keys that the sentence names by their labels."""
    section, _, name = key.rpartition(".")
    others = {other: label for other, label in LABELS.items() if "." in other}
    others |= {other.rpartition(".")[2]: LABELS[other] for other in LABELS if other.rpartition(".")[0] == section}
    for other in others.keys() - {name}:
        message = re.sub(rf"(?<![.\w]){re.escape(other)}(?![.\w])", f"“{others[other]}”", message)
    return message.removeprefix(f"{name} ")


async def preview_settings(visit: StaffVisit, new: CohortSettings) -> Preview:
    """Return what new settings would change, each with its old and its new value, and whom they tell."""
    update = await settings_service.preview_update(visit.services, _of_this_class(visit, new))
    preview = update.preview or Preview()
    if not update.changed:
        return preview
    ending = await _ending_roles(visit, update)
    before, after = settings_tables(visit.cohort), settings_tables(new)
    changes = [f"{label_of(key)}: {_shown(before, key)} would be {_shown(after, key)}." for key in update.changed]
    return preview.model_copy(update={"changes": (*changes, *ending)})


async def _ending_roles(visit: StaffVisit, update: SettingsUpdate) -> list[str]:
    """Return which roles end because the contact answers; raises Refusal where the visitor would lose their own."""
    if not update.roles_ended:
        return []
    holders = (await list_roles(visit.services, visit.cohort.id)).holders
    ending = [holder for holder in holders if holder.id in update.roles_ended]
    if visit.member.email in {holder.email for holder in ending}:
        raise Refusal("You answer for this class by your role, so its contact is not used. Hand over the role instead.")
    return [f"The contact answers from today on. This role would end: {one.role}, {one.email}." for one in ending]


async def save_settings(visit: StaffVisit, new: CohortSettings, note: str | None) -> str:
    """Save new settings, and return what changed as a sentence."""
    update: SettingsUpdate = await settings_service.update(
        visit.services, visit.member.actor, _of_this_class(visit, new), base=visit.cohort, note=note
    )
    if not update.changed:
        return "The settings were so already."
    return f"Changed: {'; '.join(dict.fromkeys(map(label_of, update.changed)))}."


def label_of(key: str) -> str:
    """Return what the forms call a key, or a part of the settings that they have no question for."""
    return LABELS.get(key, key.replace("_", " ").replace(".", ": ") or "The file")


def _of_this_class(visit: StaffVisit, new: CohortSettings) -> CohortSettings:
    if new.id != visit.cohort.id:
        raise Refusal(f"This file is of {new.id}, and this class is {visit.cohort.id}. Its id never changes.")
    return new


def _shown(tables: Mapping[str, Any], key: str) -> str:
    value: Any = tables
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value in (None, "", []):
        return "(empty)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(each["label"]) if isinstance(each, dict) else str(each) for each in value)
    if isinstance(value, dict):
        return "(left out)"
    words = str(value)
    return words if len(words) <= LONGEST_SHOWN else f"a text of {len(words):,} characters"

"""A class's own words for a kind of email: drafted as a version, looked at, tried on oneself, used, and taken back."""

from collections.abc import Mapping
from datetime import UTC, datetime

from emails.own_words import (
    WORDED_KINDS,
    own_words_problems,
    passages_of,
    placeholder_samples,
    read_own_words,
    sample_emails,
)
from emails.rendering import Rendered
from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.wordings import EmailWording
from schemas.enums import EmailKind
from schemas.errors import Refusal
from schemas.preview import Preview
from services.context import ServiceContext
from services.own_test_email import own_test_email
from storage import cohorts, email_wordings, outbox, roles
from storage.database import transaction

_WAY_BACK = "go back to the standard, or use another version"
_FROM_NOW_ON = "Emails that were not tried yet are worded this way, too. One that was tried keeps its words."


class WordedKind(FrozenModel):
    """How a kind of email is worded in a class.

    ``standard`` are the program's passages in the order in which they are read, ``placeholders`` what each placeholder
    stands for in the samples, ``versions`` all versions, the newest first, ``used`` the one that counts, if any does.
    """

    kind: EmailKind
    standard: dict[str, str]
    placeholders: dict[str, str]
    versions: tuple[EmailWording, ...]
    used: EmailWording | None

    @property
    def own_words(self) -> dict[str, str]:
        """Return the passages that the class words itself now."""
        return self.used.passages if self.used else {}


async def list_wordings(context: ServiceContext, cohort: str) -> dict[EmailKind, EmailWording | None]:
    """Return each kind of email that a class can word itself, with the version that counts, if one does."""
    used = await email_wordings.in_use(context.pool, cohort)
    return {kind: used.get(kind) for kind in WORDED_KINDS}


async def find_worded_kind(context: ServiceContext, cohort: str, kind: str) -> WordedKind:
    """Return how a kind of email is worded; raises Refusal where it is none that a class words itself."""
    if kind not in WORDED_KINDS:
        raise Refusal("There is no such email, or its words are always the same.")
    known, settings = EmailKind(kind), await _settings(context, cohort)
    versions = await email_wordings.wordings(context.pool, cohort, known)
    used = [version for version in versions if version.used_since]
    return WordedKind(
        kind=known,
        standard=passages_of(known, settings),
        placeholders=placeholder_samples(known, settings),
        versions=versions,
        used=max(used, key=lambda version: (version.used_since, version.id), default=None),
    )


async def find_wording(context: ServiceContext, cohort: str, number: int) -> EmailWording:
    """Return one version of a class; raises Refusal where it has none of this number."""
    found = await email_wordings.wording(context.pool, number)
    if found is None or found.cohort_id != cohort:
        raise Refusal("This class has no such version.")
    return found


async def read_wording(
    context: ServiceContext, cohort: str, kind: EmailKind, own_words: Mapping[str, str]
) -> dict[str, Rendered]:
    """Return how a kind of email reads in a class's own words, by what each sample is."""
    return read_own_words(kind, await _settings(context, cohort), own_words)


async def wording_problems(
    context: ServiceContext, cohort: str, kind: EmailKind, own_words: Mapping[str, str]
) -> dict[str, str]:
    """Return what is wrong with a class's own passages, by name; words with a problem cannot be saved."""
    return own_words_problems(kind, await _settings(context, cohort), own_words)


async def save_wording(
    context: ServiceContext, actor: Actor, cohort: str, kind: EmailKind, own_words: Mapping[str, str]
) -> int:
    """Save a version that is not used yet, and return its number.

    Raises Refusal where something is wrong with it, or it says nothing of its own.
    """
    await _check(context, cohort, kind, own_words)
    if not own_words:
        raise Refusal("These are the words of the standard. Change some of them first.")
    return await email_wordings.save(context.pool, cohort, kind, own_words, actor.name, datetime.now(UTC))


async def preview_wording(context: ServiceContext, cohort: str, number: int) -> Preview:
    """Return what using a version would change; raises as ``use_wording`` does."""
    wording = await find_wording(context, cohort, number)
    await _check(context, cohort, wording.kind, wording.passages)
    worded = await find_worded_kind(context, cohort, wording.kind)
    if worded.used and worded.used.id == number:
        raise Refusal("This version is used already.")
    return Preview(changes=_changes(worded, wording.passages), way_back=_WAY_BACK)


async def use_wording(
    context: ServiceContext, actor: Actor, cohort: str, number: int, *, note: str | None = None
) -> None:
    """Let a version count from now on.

    Raises Refusal where it is not there, counts already, or no longer fits what the program has to say.
    """
    await preview_wording(context, cohort, number)
    wording = await find_wording(context, cohort, number)
    async with transaction(context.pool) as db:
        await email_wordings.set_used(db, cohort, number, datetime.now(UTC))
        await context.audit_in(db, actor, "wording_used", cohort, kind=wording.kind, version=number, note=note)


async def preview_standard(context: ServiceContext, cohort: str, kind: str) -> Preview:
    """Return what going back to the program's own wording would change; raises as ``use_standard`` does."""
    worded = await find_worded_kind(context, cohort, kind)
    if not worded.own_words:
        raise Refusal("This email has the standard wording already.")
    return Preview(changes=_changes(worded, {}), way_back="use one of the versions again")


async def use_standard(context: ServiceContext, actor: Actor, cohort: str, kind: str, *, note: str | None) -> None:
    """Go back to the program's own wording; raises Refusal where it is used already, or the kind has no other."""
    await preview_standard(context, cohort, kind)
    now = datetime.now(UTC)
    async with transaction(context.pool) as db:
        number = await email_wordings.save(db, cohort, EmailKind(kind), {}, actor.name, now, used_since=now)
        await context.audit_in(db, actor, "wording_used", cohort, kind=kind, version=number, standard=True, note=note)


async def send_wording_test(context: ServiceContext, actor: Actor, cohort: str, number: int, sample: str) -> None:
    """Email a sample in the words of a version to whoever asks for it, and to nobody else.

    Raises Refusal where the version or the sample is not there, or they hold no role today.
    """
    wording = await find_wording(context, cohort, number)
    names = list(sample_emails(wording.kind, await _settings(context, cohort)))
    if sample not in names:
        raise Refusal("There is no such sample.")
    email = await own_test_email(context, actor, cohort, wording.kind, number, names.index(sample))
    async with transaction(context.pool) as db:
        await outbox.enqueue(db, email)
        await context.audit_in(db, actor, "wording_tested", cohort, kind=wording.kind, version=number)


def _changes(worded: WordedKind, own_words: Mapping[str, str]) -> tuple[str, ...]:
    """Return what reads differently from now on, a sentence for each passage."""
    before = worded.standard | worded.own_words
    after = {**worded.standard, **own_words}
    changed = [
        f"{passage_label(name)}: “{before[name]}” becomes “{after[name]}”"
        for name in worded.standard
        if before[name] != after[name]
    ]
    return (*changed, _FROM_NOW_ON)


def passage_label(name: str) -> str:
    """Return what staff call a passage, such as ``Opening to mentor``."""
    return name.replace("-", " ").capitalize()


async def _check(context: ServiceContext, cohort: str, kind: EmailKind, own_words: Mapping[str, str]) -> None:
    problems = await wording_problems(context, cohort, kind, own_words)
    if problems:
        name, problem = next(iter(problems.items()))
        raise Refusal(f"{passage_label(name)}: {problem}")


async def _settings(context: ServiceContext, cohort: str) -> CohortSettings:
    settings = await cohorts.cohort_settings(context.pool, cohort)
    return await roles.settings_at(context.pool, settings, context.now(cohort))

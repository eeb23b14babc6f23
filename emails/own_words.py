"""A class's own words for a kind of email, checked and read with the invented people of the samples.

They, and the standard beside them, are in the first language that the class offers.
"""

from collections.abc import Mapping

from domain.languages import gettext, in_language
from emails.kinds._base.email import EmailContext
from emails.passages import Passages, is_subject, standard_passages
from emails.registry import APPLICANT_EMAILS, PARTICIPANT_EMAILS
from emails.rendering import LONGEST_SUBJECT, Rendered, render_with, whole_subject
from emails.samples import SampleCast, samples
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind

# Emails to participants and applicants; those to staff, and what staff write as a message, have no other wording.
WORDED_KINDS: tuple[EmailKind, ...] = tuple(sorted({**PARTICIPANT_EMAILS, **APPLICANT_EMAILS}))


def passages_of(kind: EmailKind, cohort: CohortSettings) -> dict[str, str]:
    """Return the standard passages that a kind of email uses, by name, in the order in which they are read."""
    used: dict[str, None] = {}
    with in_language(cohort.languages[0]):
        for context in sample_emails(kind, cohort).values():
            passages = Passages(context)
            render_with(context, passages)
            used |= dict.fromkeys(passages.used)
        standard = standard_passages(kind)
        # Python sorts stably, so those of the body keep their order.
        return {name: gettext(standard[name]) for name in sorted(used, key=lambda name: not is_subject(name))}


def placeholder_samples(kind: EmailKind, cohort: CohortSettings) -> dict[str, str]:
    """Return what each placeholder of a kind of email stands for in its samples."""
    values: dict[str, str] = {}
    with in_language(cohort.languages[0]):
        for context in sample_emails(kind, cohort).values():
            values = Passages(context).values | values
    return dict(sorted(values.items()))


def own_words_problems(kind: EmailKind, cohort: CohortSettings, own_words: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with a class's own passages, by name, as sentences to staff."""
    problems: dict[str, str] = {}
    with in_language(cohort.languages[0]):
        for name, context in sample_emails(kind, cohort, own_words).items():
            passages = Passages(context)
            subject = whole_subject(context, passages)
            if len(subject) > LONGEST_SUBJECT and passages.used[-1] in own_words:
                too_long = (
                    f"In “{name}” the whole subject has {len(subject)} characters: “{subject}”. {LONGEST_SUBJECT} fit."
                )
                problems.setdefault(passages.used[-1], too_long)
            render_with(context, passages)
            problems = passages.problems | problems
    return problems


def read_own_words(kind: EmailKind, cohort: CohortSettings, own_words: Mapping[str, str]) -> dict[str, Rendered]:
    """Return how a kind of email reads in a class's own words, in each way that it can look."""
    with in_language(cohort.languages[0]):
        return {
            name: render_with(context, Passages(context))
            for name, context in sample_emails(kind, cohort, own_words).items()
        }


def sample_emails(
    kind: EmailKind, cohort: CohortSettings, own_words: Mapping[str, str] | None = None
) -> dict[str, EmailContext]:
    """Return the samples of a kind of email by what they are, in a class's own words and the language around it."""
    update = {"own_words": own_words or {}}
    return {name: email.model_copy(update=update) for name, email in samples(kind, SampleCast(cohort)).items()}

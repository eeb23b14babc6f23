"""Who may mentor in a cohort: the requirements for the public page, and which one somebody does not meet (A2)."""

from datetime import date

from schemas.applications.people import MentorApplication
from schemas.cohort.settings import CohortSettings, Eligibility


def ineligibility_for_staff(mentor: MentorApplication, eligibility: Eligibility, kickoff_on: date | None) -> str | None:
    """Say to staff why this mentor may not mentor in this cohort, or return None (promise A2).

    Whether a class was long enough ago is only known with a kickoff date. Staff can waive the rules for a mentor.
    """
    if mentor.rules_waived:
        return None
    if mentor.years < eligibility.min_years:
        return f"mentors need {eligibility.min_years} years in libraries and this one has {mentor.years}"
    if _sits_out(mentor, eligibility, kickoff_on):
        return f"this mentor attended in {mentor.last_attended} and sits out {eligibility.sit_out_years} years"
    return None


def ineligibility_for_applicant(mentor: MentorApplication, settings: CohortSettings) -> str | None:
    """Say to applicants in one sentence which requirement they do not meet, or return None."""
    rules, kickoff = settings.eligibility, settings.kickoff_day
    if ineligibility_for_staff(mentor, rules, kickoff) is None:
        return None
    if mentor.years < rules.min_years:
        return (
            f"Mentors of this class need {_years(rules.min_years)} or more in libraries, and you wrote {mentor.years}."
        )
    return (
        f"You attended the institute in {mentor.last_attended}. This class asks its mentors to wait "
        f"{_years(rules.sit_out_years)} after their own class."
    )


def eligibility_rules(eligibility: Eligibility) -> tuple[str, ...]:
    """Return what a cohort asks of its mentors, a sentence for each rule; none where everybody may mentor."""
    sentences = []
    if eligibility.min_years:
        sentences.append(
            f"You have worked in libraries for {_years(eligibility.min_years)} or more. Any job title counts."
        )
    if eligibility.sit_out_years:
        sentences.append(
            f"If you attended the institute, it was {_years(eligibility.sit_out_years)} or more before this class."
        )
    return tuple(sentences)


def _sits_out(mentor: MentorApplication, eligibility: Eligibility, kickoff_on: date | None) -> bool:
    if kickoff_on is None or mentor.last_attended is None:
        return False
    return kickoff_on.year - mentor.last_attended < eligibility.sit_out_years


def _years(number: int) -> str:
    return "one year" if number == 1 else f"{number} years"

"""Who may mentor in a cohort: the requirements for the public page, and which one somebody does not meet (A2)."""

from datetime import date

from domain.languages import ngettext
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
        return ngettext(
            "Mentors of this class need one year or more in libraries, and you wrote %(wrote)s.",
            "Mentors of this class need %(years)s years or more in libraries, and you wrote %(wrote)s.",
            rules.min_years,
            years=rules.min_years,
            wrote=mentor.years,
        )
    return ngettext(
        "You attended the institute in %(attended)s. This class asks its mentors to wait one year after their own "
        "class.",
        "You attended the institute in %(attended)s. This class asks its mentors to wait %(years)s years after their "
        "own class.",
        rules.sit_out_years,
        years=rules.sit_out_years,
        attended=mentor.last_attended,
    )


def eligibility_rules(eligibility: Eligibility) -> tuple[str, ...]:
    """Return what a cohort asks of its mentors, a sentence for each rule; none where everybody may mentor."""
    sentences = []
    if eligibility.min_years:
        sentences.append(
            ngettext(
                "You have worked in libraries for one year or more. Any job title counts.",
                "You have worked in libraries for %(years)s years or more. Any job title counts.",
                eligibility.min_years,
                years=eligibility.min_years,
            )
        )
    if eligibility.sit_out_years:
        sentences.append(
            ngettext(
                "If you attended the institute, it was one year or more before this class.",
                "If you attended the institute, it was %(years)s years or more before this class.",
                eligibility.sit_out_years,
                years=eligibility.sit_out_years,
            )
        )
    return tuple(sentences)


def _sits_out(mentor: MentorApplication, eligibility: Eligibility, kickoff_on: date | None) -> bool:
    if kickoff_on is None or mentor.last_attended is None:
        return False
    return kickoff_on.year - mentor.last_attended < eligibility.sit_out_years

"""What staff may do with an application: waive the rules, accept it, let it wait, withdraw it (A2)."""

from collections.abc import Iterable
from itertools import count

from domain.applications.eligibility import ineligibility_for_staff
from schemas.applications.imports import Applied, StoredApplication
from schemas.applications.people import INTAKE_ANSWERS, IntakeAnswer, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal


def waive_rules(application: StoredApplication, settings: CohortSettings) -> StoredApplication:
    """Return a mentor's application with the rules of eligibility waived; one that was only ineligible is accepted.

    Raises Refusal where there is nothing to waive.
    """
    why = eligibility_objection(application, settings)
    if application.status is ApplicationStatus.WITHDRAWN or not (
        why or application.status is ApplicationStatus.INELIGIBLE
    ):
        raise Refusal(f"{application.person.id} is {application.status}, so it needs no exception.")
    status = ApplicationStatus.ACCEPTED if application.status is ApplicationStatus.INELIGIBLE else application.status
    return application.model_copy(
        update={"status": status, "person": application.person.model_copy(update={"rules_waived": True})}
    )


def accept(application: StoredApplication, settings: CohortSettings) -> StoredApplication:
    """Return an application taken from the waiting list, or one that was withdrawn by mistake.

    Raises Refusal where it is accepted already, or a rule speaks against it.
    """
    if application.status is ApplicationStatus.ACCEPTED:
        raise Refusal(f"{application.person.id} is already accepted.")
    if why := eligibility_objection(application, settings):
        raise Refusal(
            f"{application.person.id} is not eligible: {why}. To accept this mentor all the same, make an exception."
        )
    return application.model_copy(update={"status": ApplicationStatus.ACCEPTED})


def put_on_waiting_list(application: StoredApplication, settings: CohortSettings) -> StoredApplication:
    """Return an application that waits for a place; raises Refusal where it waits already, or was withdrawn."""
    if application.status is ApplicationStatus.WAITING:
        raise Refusal(f"{application.person.id} is already on the waiting list of {settings.id}.")
    if application.status is ApplicationStatus.WITHDRAWN:
        raise Refusal(f"{application.person.id} is withdrawn from {settings.id}, so there is nothing to wait for.")
    return application.model_copy(update={"status": ApplicationStatus.WAITING})


def withdraw(application: StoredApplication, settings: CohortSettings) -> StoredApplication:
    """Return an application that counts no more; raises Refusal where it does not already."""
    if application.status is ApplicationStatus.WITHDRAWN:
        raise Refusal(f"{application.person.id} is already withdrawn from {settings.id}.")
    return application.model_copy(update={"status": ApplicationStatus.WITHDRAWN})


def eligibility_objection(application: StoredApplication, settings: CohortSettings) -> str | None:
    """Return what the rules of eligibility say against an application, if anything."""
    if not isinstance(application.person, MentorApplication):
        return None
    return ineligibility_for_staff(application.person, settings.eligibility, settings.kickoff_day)


def missing_intake_answers(person: Applied) -> tuple[IntakeAnswer, ...]:
    """Return which answers a mentee still owes before the kickoff, in the form's order (A35); none for a mentor."""
    if isinstance(person, MentorApplication):
        return ()
    is_given = {"goals": any(person.goals), "challenges": bool(person.challenges), "hopes": bool(person.hopes)}
    return tuple(answer for answer in INTAKE_ANSWERS if not is_given[answer])


def carry_over(people: Iterable[StoredApplication]) -> tuple[StoredApplication, ...]:
    """Return people as the next class takes them over; its mentees then have priority in matching.

    They get ids of their own, because the new class gives M01 and P01 to others; for the same reason nobody of the old
    class is named any more.
    """
    numbers = {side: count(1) for side in Side}
    return tuple(
        application.model_copy(
            update={
                "status": ApplicationStatus.ACCEPTED,
                "person": _anew(application.person, next(numbers[application.side])),
            }
        )
        for application in people
    )


def _anew(person: Applied, number: int) -> Applied:
    nobody: dict[str, object] = {"ranks": (), "vetoes": (), "conflicts": (), "reports_to": None}
    if isinstance(person, MentorApplication):
        return person.model_copy(update=nobody | {"id": f"WM{number:02}", "rules_waived": False})
    return person.model_copy(update=nobody | {"id": f"WP{number:02}", "waited": True})

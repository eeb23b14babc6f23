"""Whom a message goes to, as staff choose it: which sides, and which people of these."""

from domain.labels import label
from schemas.emails.staff_messages import Audience
from schemas.enums import ApplicationStatus, Phase, Side
from schemas.forms.questions import Choice

BOTH = "both"
SIDES = (
    Choice(value=BOTH, label="Mentors and mentees"),
    Choice(value=Side.MENTOR, label="Mentors"),
    Choice(value=Side.MENTEE, label="Mentees"),
)
_WHO: dict[str, tuple[str, Audience]] = {
    "accepted": ("All who were accepted", Audience()),
    "running": ("In a mentorship that goes on", Audience(running=True)),
    "without_agreement": ("In a mentorship without an agreement", Audience(without_agreement=True)),
    "without_pair": ("Without a mentorship", Audience(without_pair=True)),
    "waiting": ("On the waiting list", Audience(status=ApplicationStatus.WAITING)),
    **{f"phase-{phase}": (f"In the phase “{label(phase)}”", Audience(phase=phase)) for phase in Phase},
}
WHO = tuple(Choice(value=value, label=words) for value, (words, _) in _WHO.items())


def audience_of(sides: str, who: str) -> Audience:
    """Return whom two choices name."""
    return _WHO[who][1].model_copy(update={"side": None if sides == BOTH else Side(sides)})


def sides_of(audience: Audience) -> str:
    """Return the choice of sides that an audience was made from."""
    return audience.side or BOTH


def who_of(audience: Audience) -> str:
    """Return the choice of people that an audience was made from."""
    of_all = audience.model_copy(update={"side": None})
    return next((value for value, (_, chosen) in _WHO.items() if chosen == of_all), "accepted")


def audience_words(audience: Audience) -> str:
    """Return whom a message goes to, such as ``Mentors: on the waiting list``."""
    sides = next(choice.label for choice in SIDES if choice.value == sides_of(audience))
    words = _WHO[who_of(audience)][0]
    return f"{sides}: {words[0].lower()}{words[1:]}"

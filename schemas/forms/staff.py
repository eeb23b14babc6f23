"""Forms of the staff pages."""

from schemas.forms.applying import LOST_LINKS
from schemas.forms.questions import FormPage

SIGN_IN = FormPage(
    title="Sign in to the staff pages",
    lead="Enter the email address of your role. We’ll send you a link that signs you in. You don’t need a password.",
    questions=tuple(
        question.model_copy(update={"hint": "The one that you hold your role with."})
        for question in LOST_LINKS.questions
    ),
)

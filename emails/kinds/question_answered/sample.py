"""Samples of the question answered email."""

from emails.kinds.question_answered.context import QuestionAnsweredEmail
from emails.samples import MENTEE, MENTOR, SampleCast


def samples(cast: SampleCast) -> dict[str, QuestionAnsweredEmail]:
    """Return the emails by what they are."""
    return {
        "answer to the mentor’s question": QuestionAnsweredEmail(
            **cast.to_mentor_before | {"written_on": cast.day(-40)},
            by=cast.day(-35),
            partner=MENTEE,
            question=("How far does she live from me?", "Could we meet online?"),
            answer=("You are about three hours apart by car.", "", "Yes. Most pairs meet online."),
        ),
        "answer to the mentee, who has decided": QuestionAnsweredEmail(
            **cast.to_mentee_before,
            by=cast.day(-35),
            partner=MENTOR,
            question=("Does <she> know grants & budgets?",),
            answer=("Yes, she wrote several grant applications.",),
            is_open=False,
        ),
    }

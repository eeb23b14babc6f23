"""The program's promises, row by row, with the year of the page that makes them and what shows that they are kept."""

from rehearsal.checks import agreement, applications, kickoff, meetings, mentorship, privacy, questions, report
from rehearsal.checks.verdict import Check
from schemas.base import FrozenModel


class Promise(FrozenModel):
    """One row. What a rehearsal cannot show has no ``check`` but says ``why_not``."""

    id: str
    since: int
    says: str
    check: Check | None = None
    why_not: str = ""


def _shown(id_: str, says: str, check: Check, since: int = 2019) -> Promise:
    return Promise(id=id_, since=since, says=says, check=check)


def _not_shown(id_: str, says: str, why_not: str, since: int = 2019) -> Promise:
    return Promise(id=id_, since=since, says=says, why_not=why_not)


MATCHED_BEFORE = "shown by the matching's own explanations and its certificate, which mile match prints"

PROMISES: tuple[Promise, ...] = (
    _not_shown("A1", "every class has its own cohort, and old ones stay readable", "a rehearsal plays one cohort only"),
    _shown("A2", "mentors are experienced, by rules that say why", applications.mentors_are_experienced),
    _shown("A3", "mentees attend MILE; nobody starts who did not come", kickoff.mentees_attend),
    _not_shown("A4", "matches rest on the answers in the application", MATCHED_BEFORE),
    _shown("A5", "mentors and participants meet on the last day", kickoff.they_meet_on_the_last_day),
    _shown("A6", "the program lasts 18 months from kickoff", mentorship.ends_on_its_day),
    _shown("A7", "one public link leads to the application", applications.one_page_tells_where_it_stands),
    _shown("A8", "the profession grows stronger by its future leaders", questions.strengthens_the_profession),
    _shown("A9", "mentors learn from their mentees", questions.mentors_learn),
    _shown("A10", "mentors improve communication and leadership", questions.mentor_rates_own_skills),
    _shown("A11", "mentoring is satisfying", questions.mentors_are_satisfied),
    _shown("A12", "mentees receive knowledge and advice for their career", questions.advice_is_received),
    _shown("A13", "isolation becomes less", questions.isolation_is_measured),
    _shown("A14", "networks grow by introductions", meetings.introductions_are_counted),
    _shown("A15", "skills and confidence grow", questions.mentee_rates_own_skills),
    _shown("A16", "new opportunities are taken up", questions.opportunities_are_taken),
    _shown("A17", "librarians and paraprofessionals alike", report.nobody_needs_a_title),
    _shown("A18", "learning goes on after the end", mentorship.follows_up),
    _shown("A19", "the network spans the state", report.network_spans_the_state),
    _shown("A20", "mentors may attend a half-day session", kickoff.session_is_no_condition),
    _shown("A21", "place and day are the cohort's own", meetings.places_come_from_settings),
    _shown("A22", "both try to meet every quarter", mentorship.lives_in_quarters),
    _shown("A23", "both commit before it is final, and know until when", kickoff.both_commit_first),
    _shown("A24", "goal-setting, networking and leadership take turns", meetings.prompts_rotate),
    _shown("A25", "one assigned partner, and an honorable way out", mentorship.keeps_to_one_pair),
    _shown("A26", "goals are framed together", agreement.goals_are_framed_together),
    _shown("A27", "the mentor makes first contact, and both agree on a schedule", mentorship.has_the_mentor_begin),
    _shown("A28", "contact follows the agreed schedule", agreement.rhythm_of_the_pair),
    _shown("A29", "each pair is its own", agreement.pair_beats_cohort),
    _shown("A30", "roles follow from goals, and both agree to them", agreement.roles_are_defined),
    _shown("A31", "roles are agreed on early", agreement.agreed_early),
    _shown("A32", "talks are about professional topics", meetings.topics_not_contents),
    _shown("A33", "the mentor keeps the mentee's goals in view", meetings.goals_are_recalled),
    _shown("A34", "difficult topics have a safe place", privacy.words_stay_where_they_belong),
    _shown("A35", "mentees know their goals, objectives and challenges", applications.intake_is_complete),
    _shown("A36", "criticism is welcome", agreement.welcomes_criticism),
    _shown("A37", "the mentee asks for suggestions and feedback", meetings.one_question_is_named),
    _shown("A38", "both are open to new ideas", questions.ideas_are_open),
    _shown("A39", "gratitude is expressed", meetings.gratitude_is_sent),
    _shown("A40", "both take part in the association", questions.involvement_is_asked),
    _shown("A41", "everybody knows whom to ask", meetings.contact_is_named),
    _shown("A42", "whoever thinks of mentoring can ask first", applications.questions_come_first),
    _shown("A43", "the guidelines name what they are borrowed from", meetings.sources_are_credited),
    _not_shown("B1", "the class of 2017 is a cohort like any other", "rehearse examples/mile-2017 for that", 2017),
    _shown("B2", "mentors are recruited while there are too few", applications.mentors_are_recruited, 2017),
    _shown("B3", "place and days are the cohort's own, as in A21", meetings.places_come_from_settings, 2017),
    _shown("B4", "questions reach the subcommittee, as in A41", meetings.contact_is_named, 2017),
    _not_shown("B5", "what differs between classes is a setting", "rehearse another cohort's folder for that", 2017),
    _shown("B6", "mentors, participants and the association each gain", report.each_side_gains, 2017),
    _not_shown("B7", "the promises are kept as rows with their history", "this list is that", 2017),
    _shown("B8", "guidelines are borrowed with credit, as in A43", meetings.sources_are_credited, 2017),
)

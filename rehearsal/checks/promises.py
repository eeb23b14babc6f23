"""The program's promises, with the year of the page that makes each, and the check that shows it."""

from rehearsal.checks import (
    agreement,
    agreement_timing,
    all_emails,
    applications,
    classes,
    front_page,
    kickoff,
    matching,
    meetings,
    mentorship,
    opportunities,
    privacy,
    questions,
    recruiting,
    report,
)
from rehearsal.checks.verdict import Check
from schemas.base import FrozenModel


class Promise(FrozenModel):
    """One promise; one that a rehearsal cannot show has no ``check`` but a reason, ``why_not``."""

    id: str
    since: int
    says: str
    check: Check | None = None
    why_not: str = ""


def _shown(id_: str, says: str, check: Check, since: int = 2019) -> Promise:
    return Promise(id=id_, since=since, says=says, check=check)


def _not_shown(id_: str, says: str, why_not: str, since: int = 2019) -> Promise:
    return Promise(id=id_, since=since, says=says, why_not=why_not)


PROMISES: tuple[Promise, ...] = (
    _shown("A1", "every class has its own cohort, and old ones stay readable", classes.classes_stay_apart),
    _shown("A2", "mentors are experienced, by rules that say why", applications.mentors_are_experienced),
    _shown("A3", "mentees attend MILE; nobody starts who did not come", kickoff.mentees_attended),
    _shown("A4", "matches rest on the answers in the application", matching.matches_rest_on_answers),
    _shown("A5", "mentors and participants meet on the last day", kickoff.pairs_meet_on_the_last_day),
    _shown("A6", "the program lasts 18 months from kickoff", mentorship.mentorship_ends_on_its_day),
    _shown("A7", "one public link leads to the application", applications.public_page_shows_application_status),
    _shown(
        "A8", "the profession grows stronger by its future leaders", questions.contribution_to_profession_is_asked_about
    ),
    _shown("A9", "mentors learn from their mentees", questions.mentors_say_what_they_learned),
    _shown("A10", "mentors improve communication and leadership", questions.mentors_rate_own_skills),
    _shown("A11", "mentoring is satisfying", questions.mentor_satisfaction_is_measured),
    _shown("A12", "mentees receive knowledge and advice for their career", questions.advice_is_asked_about),
    _shown("A13", "isolation becomes less", questions.isolation_is_measured),
    _shown("A14", "networks grow by introductions", meetings.introductions_are_counted),
    _shown("A15", "skills and confidence grow", questions.mentees_rate_own_skills),
    _shown("A16", "new opportunities are taken up", opportunities.opportunities_reach_participants),
    _shown("A17", "librarians and paraprofessionals alike", report.nobody_needs_a_title),
    _shown("A18", "learning goes on after the end", mentorship.follow_ups_are_sent),
    _shown("A19", "the network spans the state", report.network_spans_the_state),
    _shown("A20", "mentors may attend a half-day session", kickoff.session_is_optional),
    _shown("A21", "place and day are the cohort's own", all_emails.places_come_from_settings),
    _shown("A22", "both try to meet every quarter", mentorship.check_ins_close_every_quarter),
    _shown("A23", "both commit before it is final, and know until when", kickoff.both_commit_before_start),
    _shown("A24", "goal-setting, networking and leadership take turns", meetings.meeting_topics_rotate),
    _shown("A25", "one assigned partner, and an honorable way out", mentorship.each_mentee_has_one_mentor),
    _shown("A26", "goals are framed together", agreement.goals_are_framed_together),
    _shown(
        "A27", "the mentor makes first contact, and both agree on a schedule", mentorship.mentor_makes_first_contact
    ),
    _shown("A28", "contact follows the agreed schedule", agreement.meetings_follow_the_agreed_cadence),
    _shown("A29", "each pair is its own", agreement.pair_cadence_overrides_cohort),
    _shown("A30", "roles follow from goals, and both agree to them", agreement.roles_are_defined),
    _shown("A31", "roles are agreed on early", agreement_timing.agreement_comes_early),
    _shown("A32", "talks are about professional topics", meetings.meetings_are_noted_by_topic_only),
    _shown("A33", "the mentor keeps the mentee's goals in view", meetings.goals_are_recalled),
    _shown("A34", "difficult topics have a safe place", privacy.private_answers_stay_private),
    _shown("A35", "mentees know their goals, objectives and challenges", applications.intake_is_complete),
    _shown("A36", "criticism is welcome", agreement.criticism_is_welcome),
    _shown("A37", "the mentee asks for suggestions and feedback", meetings.mentee_names_one_question),
    _shown("A38", "both are open to new ideas", questions.new_ideas_are_asked_about),
    _shown("A39", "gratitude is expressed", meetings.gratitude_is_sent),
    _shown("A40", "both take part in the association", opportunities.involvement_is_asked),
    _shown("A41", "everybody knows whom to ask", all_emails.contact_is_named),
    _shown("A42", "whoever thinks of mentoring can ask first", applications.inquiries_reach_the_contact),
    _shown("A43", "the guidelines name what they are borrowed from", all_emails.sources_are_credited),
    _shown("A44", "mentors, participants and the association gain", front_page.front_page_shows_the_value),
    _shown("A45", "both sides know what is asked of them", front_page.responsibilities_come_first),
    _shown("B1", "each class is a cohort like any other, as in A1", classes.classes_stay_apart, 2017),
    _shown("B2", "mentors are recruited while there are too few", recruiting.mentors_are_recruited, 2017),
    _shown("B3", "place and days are the cohort's own, as in A21", all_emails.places_come_from_settings, 2017),
    _shown("B4", "questions reach the subcommittee, as in A41", all_emails.contact_is_named, 2017),
    _shown("B5", "what differs between classes is a setting", classes.classes_differ_by_settings, 2017),
    _shown("B6", "mentors, participants and the association each gain", report.each_side_gains, 2017),
    _not_shown("B7", "the promises are kept as rows with their history", "this list is that", 2017),
    _shown("B8", "guidelines are borrowed with credit, as in A43", all_emails.sources_are_credited, 2017),
)

"""The promises about the closing report: no titles, all regions of the state, and a part for each side."""

import re

from rehearsal.checks.evidence import Evidence, fields_of
from rehearsal.checks.verdict import Cases, Verdict, combine, judge, left_out
from schemas.report.figures import PeopleFigure

NO_REPORT = "no report was written"
# Field names that would ask for a qualification (A17).
TITLE = re.compile(r"degree|diploma|title|certificate|licen[cs]e|mlis?\b")
ROLE_GROUPS = ("lead a library", "Librarians", "Paraprofessionals", "Other roles")
REGIONS = ("Central", "Metro", "Northeast", "Northwest", "South Central", "Southeast", "Southwest", "West Central")
GAINS = ("mentors", "participants", "association")


def nobody_needs_a_title(evidence: Evidence) -> Verdict:
    """A17: no form asks for a degree or a title, and the report sorts people by what they do."""
    forms = [*(page.html for page in evidence.pre_kickoff.forms), *(page.html for page in evidence.pages)]
    fields = ((field.name, not TITLE.search(field.name)) for html in forms for field in fields_of(html))
    figure = _people(evidence, "role_group")
    labels = " ".join(choice.label for choice in figure.choices) if figure else ""
    people = {person for pair in evidence.record.mentorships for person in (pair.mentor, pair.mentee)}
    counted = [("people", figure is not None and figure.counted == len(people))] if evidence.report else []
    return combine(
        judge(fields, "questions asked for no degree or title", otherwise="nobody opened a form"),
        judge(
            ((name, name in labels and name in evidence.report_page) for name in ROLE_GROUPS if evidence.report),
            "role groups are in the report",
            otherwise=NO_REPORT,
        ),
        judge(counted, f"report counts all who took part ({len(people)})", otherwise=NO_REPORT),
    )


def network_spans_the_state(evidence: Evidence) -> Verdict:
    """A19: the report says where in the state people work, and no pair is of one employer unless the cohort allows."""
    regions, distances = _people(evidence, "region"), _people(evidence, "pair")
    labels = [choice.label for choice in regions.choices] if regions else []
    pairs = len(evidence.record.mentorships)
    counted = [("pairs", distances is not None and distances.counted == pairs)] if evidence.report else []
    return combine(
        judge(
            ((region, region in labels and region in evidence.report_page) for region in REGIONS if evidence.report),
            "regions are in the report",
            otherwise=NO_REPORT,
        ),
        judge(counted, f"report says how far apart all {pairs} pairs work", otherwise=NO_REPORT),
        _colleagues_stay_apart(evidence),
    )


def each_side_gains(evidence: Evidence) -> Verdict:
    """B6: the report says what mentors, what participants and what the association gained, each with figures."""
    headings = [re.sub(r"<[^>]+>", "", heading).lower() for heading in re.findall(r"<h2.*?</h2>", evidence.report_page)]
    sections = re.split(r"<h2", evidence.report_page)
    figures = {
        side: any(side in part.lower()[:200] and re.search(r"<td[^>]*>\s*\d", part) for part in sections)
        for side in GAINS
    }
    cases = (
        (side, any(side in heading for heading in headings) and figures[side]) for side in GAINS if evidence.report_page
    )
    return judge(cases, "parts of the report have figures", otherwise=NO_REPORT)


def _people(evidence: Evidence, by: str) -> PeopleFigure | None:
    return next((figure for figure in (evidence.report.people if evidence.report else ()) if figure.by == by), None)


def _colleagues_stay_apart(evidence: Evidence) -> Verdict:
    """Judge that no pair works for one employer, in a class in which two who could be a pair do."""
    if evidence.settings.matching.allow_same_employer:
        return left_out("colleagues may be a pair here")
    return combine(
        judge(_colleague_cases(evidence), "pairs are of two employers", otherwise="nobody's employer is known"),
        judge(
            ((id_, True) for id_ in _colleagues(evidence)),
            "mentees have a mentor at work who was none of theirs",
            otherwise="no mentor and mentee work for one employer",
        ),
    )


def _employers(evidence: Evidence) -> dict[str, str]:
    people = (application.person for application in evidence.pre_kickoff.applications)
    return {person.id: " ".join(person.library.lower().split()) for person in people}


def _colleague_cases(evidence: Evidence) -> Cases:
    employers = _employers(evidence)
    proposed = ((one.mentor_id, one.mentee_id) for one in evidence.pre_kickoff.proposals)
    began = ((one.mentor, one.mentee) for one in evidence.record.mentorships)
    for mentor, mentee in (*proposed, *began):
        if {mentor, mentee} <= set(employers):
            yield f"{mentor}:{mentee}", employers[mentor] != employers[mentee]


def _colleagues(evidence: Evidence) -> list[str]:
    """Return the mentees of the folder who work where one of its mentors does."""
    libraries = {mentor.library.lower() for mentor in evidence.mentors}
    return [mentee.id for mentee in evidence.mentees if mentee.library.lower() in libraries]

"""The promises about the closing report: no titles, all regions of the state, and a part for each side."""

import re
from collections import Counter

from domain.matching.employers import is_same_employer, parse_employer
from domain.report.people import GROUP_NAMES, REGIONS
from domain.report.rows import figure_rows
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, combine, judge
from rehearsal.http_client import read_page
from schemas.report.figures import PeopleFigure, ReportPart

NO_REPORT = "no report was written"
# Field names that would ask for a qualification (A17).
TITLE = re.compile(r"degree|diploma|title|certificate|licen[cs]e|mlis?\b")
GAINS = (ReportPart.MENTORS, ReportPart.PARTICIPANTS, ReportPart.ASSOCIATION)


def nobody_needs_a_title(evidence: Evidence) -> Verdict:
    """A17: no form asks for a degree or a title, and the report sorts people by what they do."""
    forms = [*(page.html for page in evidence.pre_kickoff.forms), *(page.html for page in evidence.pages)]
    fields = ((field.name, not TITLE.search(field.name)) for html in forms for field in read_page(html).fields)
    figure = _people(evidence, "role_group")
    groups = [choice.label for choice in figure.choices] if figure else []
    shown = ((name, name in groups) for name in GROUP_NAMES.values() if evidence.report)
    people = figure.counted if figure else 0
    return combine(
        judge(fields, "questions asked for no degree or title", otherwise="nobody opened a form"),
        judge(shown, f"role groups are in the report ({people} people)", otherwise=NO_REPORT),
    )


def network_spans_the_state(evidence: Evidence) -> Verdict:
    """A19: the report says where in the state people work, and no pair is of one employer unless the cohort allows."""
    regions = _people(evidence, "region")
    labels = [choice.label for choice in regions.choices] if regions else []
    named = ((region, region in labels) for region in REGIONS if evidence.report)
    covered = evidence.report.covered if evidence.report else None
    summary = f"regions are in the report ({covered if covered is not None else 'some'} of them covered)"
    distances = _people(evidence, "pair")
    counted = (
        [("pairs", distances is not None and distances.counted == evidence.report.mentorships)]
        if evidence.report
        else []
    )
    return combine(
        judge(named, summary, otherwise=NO_REPORT),
        judge(counted, "report says how far apart all pairs work", otherwise=NO_REPORT),
        judge(_employers(evidence), "pairs are of two employers", otherwise="nobody's employer is known"),
    )


def each_side_gains(evidence: Evidence) -> Verdict:
    """B6: the report has what mentors, what participants and what the association gained, each with figures."""
    if evidence.report is None:
        return Verdict(held=None, evidence=NO_REPORT)
    counts = Counter(row.part for row in figure_rows(evidence.report))
    summary = ", ".join(f"{part} {counts[part]}" for part in GAINS)
    return judge(((part, counts[part] > 0) for part in GAINS), f"parts have figures ({summary})", otherwise=NO_REPORT)


def _people(evidence: Evidence, by: str) -> PeopleFigure | None:
    return next((figure for figure in (evidence.report.people if evidence.report else ()) if figure.by == by), None)


def _employers(evidence: Evidence) -> Cases:
    if evidence.settings.matching.allow_same_employer:
        return
    employers = {
        application.person.id: parse_employer(application.person.library)
        for application in evidence.pre_kickoff.applications
    }
    for mentorship in evidence.record.mentorships:
        if {mentorship.mentor, mentorship.mentee} <= set(employers):
            yield mentorship.id, not is_same_employer(employers[mentorship.mentor], employers[mentorship.mentee])

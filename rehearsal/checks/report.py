"""The promises that the closing report keeps: nobody's title counts, the whole state is in it, each side gains."""

import re
from collections import Counter

from domain.matching.employers import employer, same_employer
from domain.report.people import GROUP_NAMES, REGIONS
from domain.report.rows import rows
from rehearsal.checks.evidence import Evidence
from rehearsal.checks.verdict import Cases, Verdict, all_of, judged
from rehearsal.http_client import read_page
from schemas.report.figures import PeopleFigure, ReportPart

NO_REPORT = "no report was written"
TITLE = re.compile(r"degree|diploma|title|certificate|licen[cs]e|mlis?\b")
GAINS = (ReportPart.MENTORS, ReportPart.PARTICIPANTS, ReportPart.ASSOCIATION)


def nobody_needs_a_title(seen: Evidence) -> Verdict:
    """A17: no form asks for a degree or a title, and the report sorts people by what they do."""
    forms = [*(page.html for page in seen.gathered.forms), *(page.html for page in seen.pages)]
    fields = ((field.name, not TITLE.search(field.name)) for html in forms for field in read_page(html).fields)
    figure = _people(seen, "role_group")
    groups = [choice.label for choice in figure.choices] if figure else []
    shown = ((name, name in groups) for name in GROUP_NAMES.values() if seen.report)
    people = figure.counted if figure else 0
    return all_of(
        judged(fields, "questions asked for no degree or title", else_="nobody opened a form"),
        judged(shown, f"role groups are in the report ({people} people)", else_=NO_REPORT),
    )


def network_spans_the_state(seen: Evidence) -> Verdict:
    """A19: the report says where in the state people work, and no pair is of one employer unless the cohort allows."""
    regions = _people(seen, "region")
    labels = [choice.label for choice in regions.choices] if regions else []
    named = ((region, region in labels) for region in REGIONS if seen.report)
    covered = seen.report.covered if seen.report else None
    said = f"regions are in the report ({covered if covered is not None else 'some'} of them covered)"
    apart = _people(seen, "pair")
    counted = [("pairs", apart is not None and apart.counted == seen.report.mentorships)] if seen.report else []
    return all_of(
        judged(named, said, else_=NO_REPORT),
        judged(counted, "report says how far apart all pairs work", else_=NO_REPORT),
        judged(_employers(seen), "pairs are of two employers", else_="nobody's employer is known"),
    )


def each_side_gains(seen: Evidence) -> Verdict:
    """B6: the report has what mentors, what participants and what the association gained, each with figures."""
    if seen.report is None:
        return Verdict(held=None, evidence=NO_REPORT)
    counts = Counter(row.part for row in rows(seen.report))
    said = ", ".join(f"{part} {counts[part]}" for part in GAINS)
    return judged(((part, counts[part] > 0) for part in GAINS), f"parts have figures ({said})", else_=NO_REPORT)


def _people(seen: Evidence, by: str) -> PeopleFigure | None:
    return next((figure for figure in (seen.report.people if seen.report else ()) if figure.by == by), None)


def _employers(seen: Evidence) -> Cases:
    if seen.settings.matching.allow_same_employer:
        return
    employers = {one.person.id: employer(one.person.library) for one in seen.gathered.applications}
    for one in seen.record.mentorships:
        if {one.mentor, one.mentee} <= set(employers):
            yield one.id, not same_employer(employers[one.mentor], employers[one.mentee])

"""``mile cohort prospects``: who of earlier classes is asked to be a mentor in this one (A18, B2)."""

from rich.table import Table

from cli.cohort.options import CohortId
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import print_table, table_of
from services.applications.past_mentors import ProspectList, list_prospects


def prospects_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List who is asked to be a mentor: past mentors, and former mentees who said they would one day."""
    listed = call_service(folder, lambda context: list_prospects(context, cohort))
    if as_json:
        print_json(listed)
        return
    if not listed.prospects:
        print(f"No one of an earlier class is asked to be a mentor in {cohort}.")
        return
    print_table(_table(listed))
    print("They are asked when applications open, and again while places are missing.")
    print('To leave someone out: mile cohort uninvite CLASS PERSON --note "…"')


def _table(listed: ProspectList) -> Table:
    table = table_of(f"Asked to be a mentor in {listed.cohort}", "class", "id", "name", "was")
    for one in listed.prospects:
        table.add_row(one.cohort_id, one.person_id, one.name, one.side)
    return table

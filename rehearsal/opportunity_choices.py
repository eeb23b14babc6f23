"""What simulated participants say of opportunities, on the page that a check-in email leads to."""

import re

from rehearsal.environment import Environment
from rehearsal.http_client import open_page, submit_form
from rehearsal.pages_seen import OpportunityChoice
from rehearsal.personas import CHOOSES, TAKES_UP
from schemas.enums import OpportunityKind
from schemas.personas import Persona

# The first form on the page by whose button somebody says that they took an opportunity up, and have not said so yet.
NOT_TAKEN = re.compile(r'action="[^"]+/opportunities/(\d+)">\s*<input[^>]+>\s*<button[^>]*>I took up: ([^<]+)</button>')
WANTED = OpportunityKind.COURSE


async def choose_opportunities(environment: Environment, url: str, persona: Persona, choice: OpportunityChoice) -> None:
    """Take up the first opportunity, or ask for other kinds only, as somebody of this persona does.

    ``choice`` says who chooses when; what they choose is kept.
    """
    page = (await open_page(environment.http, url)).html
    found = NOT_TAKEN.search(page)
    if persona is TAKES_UP and found:
        await submit_form(environment.http, f"{url}/{found.group(1)}", {"taken": "yes"})
        environment.pages_seen.choices.append(choice.model_copy(update={"taken_up": found.group(2)}))
    if persona is CHOOSES:
        await submit_form(environment.http, url, {"kinds": WANTED})
        environment.pages_seen.choices.append(choice.model_copy(update={"kinds": (WANTED,)}))

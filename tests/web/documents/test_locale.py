"""A cohort's locale changes the dates on the paper for the last day, and nothing else."""

from emails.samples import SAMPLE_COHORT
from schemas.enums import Side
from tests.british import in_british
from tests.web.documents.test_cards import card, pages, person
from web.documents.cards import name_tags, pair_cards

BRITISH = SAMPLE_COHORT.model_copy(update={"locale": "en_GB"})


def test_pair_cards() -> None:
    american, british = [pages(pair_cards(cohort, [card()])) for cohort in (SAMPLE_COHORT, BRITISH)]
    assert british == [in_british(sheet) for sheet in american]
    assert british != american


def test_name_tags() -> None:
    people = [person(side=side) for side in Side]
    assert name_tags(BRITISH, people) == name_tags(SAMPLE_COHORT, people)

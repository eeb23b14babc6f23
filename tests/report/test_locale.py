"""A cohort's locale changes the dates of its report, and nothing else."""

import pytest

from schemas.cohort.settings import CohortSettings
from schemas.report.figures import Report
from tests.british import in_british
from tests.report.test_pdf import sheets
from web.documents.report import report_page, report_pdf


@pytest.fixture
def british(cohort: CohortSettings) -> CohortSettings:
    return cohort.model_copy(update={"locale": "en_GB"})


@pytest.mark.parametrize("name", ["report", "interim_report", "empty_report"])
def test_page(cohort: CohortSettings, british: CohortSettings, name: str, request: pytest.FixtureRequest) -> None:
    report: Report = request.getfixturevalue(name)
    assert report_page(report, british) == in_british(report_page(report, cohort))


def test_paper(cohort: CohortSettings, british: CohortSettings, interim_report: Report) -> None:
    american, written = [
        " ".join(" ".join(sheets(report_pdf(interim_report, settings))).split()) for settings in (cohort, british)
    ]
    assert written == in_british(american)
    assert written != american

"""Which links ``mile links revoke`` takes: exactly one choice, and a person with their cohort."""

import pytest

from cli.main import main

ONE_OF = "Say which links with one of --all, --cohort, --person and --key"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], ONE_OF),
        (["--all", "--cohort", "mile-2019"], ONE_OF),
        (["--person", "M03"], "Name a person with their cohort"),
        (["--person", "mile-2019/"], "Name a person with their cohort"),
    ],
)
def test_choice_that_is_not_clear_is_refused(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["links", "revoke", "--note", "lost", *options])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err

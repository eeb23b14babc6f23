import os
import subprocess
import sys
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from cli.main import main
from emails.kinds.staff_note.context import NoteReason, StaffNoteEmail
from emails.registry import EMAILS_TO_PEOPLE
from emails.samples import SAMPLE_COHORT, all_samples
from schemas.enums import EmailKind

ROOT = Path(__file__).parents[3]
EXAMPLE_2017 = ROOT / "examples" / "mile-2017" / "cohort.toml"


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def _preview(out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the command as on a machine where nothing is set up and nothing runs."""
    command = [sys.executable, "-m", "cli.main", "emails", "preview", "--out", str(out), *more]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=out.parent, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("emails") / "build"
    ran = _preview(out)
    assert ran.returncode == 0, ran.stderr
    assert str(out / "index.html") in ran.stdout
    return out


def test_every_kind_of_email_and_every_note_to_staff_is_among_them() -> None:
    contexts = all_samples(SAMPLE_COHORT).values()
    assert {context.kind for context in contexts} == set(EmailKind)
    notes = [context.reason for context in contexts if isinstance(context, StaffNoteEmail)]
    assert set(notes) == set(get_args(NoteReason))


def test_each_email_is_written_as_text_as_html_and_as_a_message(preview: Path) -> None:
    names = sorted(file.stem for file in preview.glob("*.eml"))
    assert len(names) == len(all_samples(SAMPLE_COHORT))
    wanted = {f"{name}.{form}" for name in names for form in ("txt", "html", "eml")}
    assert {file.name for file in preview.iterdir()} == wanted | {"index.html"}
    message = message_from_bytes((preview / f"{names[0]}.eml").read_bytes(), policy=policy.default)
    assert message["To"].addresses[0].domain == "example.org"
    assert (preview / f"{names[0]}.txt").read_text().startswith(message["Subject"])
    assert {part.get_content_type() for part in message.iter_parts()} == {"text/plain", "text/html"}


def test_the_index_leads_to_every_file_and_nowhere_else(preview: Path) -> None:
    links = Links((preview / "index.html").read_text()).found
    assert set(links) == {file.name for file in preview.iterdir()} - {"index.html"}


def test_a_language_is_that_of_people_and_not_of_staff(tmp_path: Path) -> None:
    assert _preview(tmp_path, "--language", "es").returncode == 0
    sent = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in tmp_path.glob("*.eml")]
    said = {str(message["Feedback-ID"]).partition(":")[0]: message["Content-Language"] for message in sent}
    assert said == {kind: "es" if kind in EMAILS_TO_PEOPLE else "en" for kind in EmailKind}


def test_writing_them_again_gives_the_same_bytes(preview: Path) -> None:
    before = {file.name: file.read_bytes() for file in preview.iterdir()}
    assert _preview(preview).returncode == 0
    assert {file.name: file.read_bytes() for file in preview.iterdir()} == before


def _status(out: Path, *more: str) -> int:
    """Run the command here, where the process itself makes no difference."""
    with pytest.raises(SystemExit) as ended:
        main(["emails", "preview", "--out", str(out), *more])
    return int(ended.value.code or 0)


def test_a_cohort_of_your_own_lends_its_contact_and_its_days(tmp_path: Path) -> None:
    assert _status(tmp_path / "build", "--settings", str(EXAMPLE_2017)) == 0
    texts = [file.read_text() for file in (tmp_path / "build").glob("check-in-*.txt")]
    assert texts
    assert all("mentorship.subcommittee@example.org" in text for text in texts)
    assert "2017" in (tmp_path / "build" / "welcome-welcome-to-the-mentor.txt").read_text()


def test_a_folder_or_a_file_that_cannot_be_used_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert _status(tmp_path / "taken") == 2
    assert _status(tmp_path / "build", "--settings", "nowhere.toml") == 2
    assert "nowhere.toml cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "build").exists()

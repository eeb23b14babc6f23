"""``mile emails preview``: every email the service writes, as files to look at; needs no server."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated

import typer

from domain.cohort.settings_file import read_settings
from domain.languages import in_language
from emails.registry import EMAILS_TO_PEOPLE
from emails.rendering import render
from emails.sample_messages import sample_message
from emails.samples import SAMPLE_COHORT, SampleCast, samples
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, Language
from schemas.errors import Refusal


def preview_command(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write them; made if it is not there.")],
    settings: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="Your cohort.toml; left out, an invented class.")
    ] = None,
    language: Annotated[
        Language, typer.Option("--language", help="In which language participants read them.")
    ] = Language.ENGLISH,
) -> None:
    """Write every email as .txt, .html and .eml, with an index.html to look through them."""
    cohort = _read(settings) if settings else SAMPLE_COHORT
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = [sample for kind in EmailKind for sample in _write(out, kind, cohort, language)]
        (out / "index.html").write_text(_index(written, cohort), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{out} cannot be written to ({error.strerror}). Name another folder with --out.") from error
    print(f"{len(written)} emails written. Open {out / 'index.html'}")


def _read(file: Path) -> CohortSettings:
    try:
        return read_settings(file.name, file.read_bytes())
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({error.strerror}). Name a cohort.toml with --settings.") from error


@dataclass
class Sample:
    """One email that was written; ``name`` is the stem of its files."""

    name: str
    subject: str


def _write(out: Path, kind: EmailKind, cohort: CohortSettings, language: Language) -> list[Sample]:
    """Write the samples of one kind, those to staff in English."""
    written = []
    with in_language(language if kind in EMAILS_TO_PEOPLE else Language.ENGLISH):
        for said, context in samples(kind, SampleCast(cohort)).items():
            name = "-".join(re.findall(r"\w+", f"{kind}: {said}".replace("_", "-"), re.ASCII))
            rendered = render(context)
            (out / f"{name}.txt").write_text(f"{rendered.subject}\n\n{rendered.text}", encoding="utf-8")
            (out / f"{name}.html").write_text(rendered.html, encoding="utf-8")
            (out / f"{name}.eml").write_bytes(sample_message(name, context, rendered))
            written.append(Sample(name, rendered.subject))
    return written


def _index(samples: list[Sample], cohort: CohortSettings) -> str:
    rows = "\n".join(_row(sample) for sample in samples)
    return _PAGE.format(title=escape(f"Emails of {cohort.title}"), count=len(samples), rows=rows, first=samples[0].name)


def _row(sample: Sample) -> str:
    links = " ".join(f'<a href="{sample.name}.{form}">{form}</a>' for form in ("txt", "eml"))
    subject = escape(sample.subject)
    return f'<li><a href="{sample.name}.html" target="email">{subject}</a><small>{sample.name} · {links}</small></li>'


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; display: flex; flex-wrap: wrap; height: 100vh; font: 16px/1.5 system-ui, sans-serif; }}
nav {{ flex: 1 1 22rem; height: 100%; overflow: auto; padding: 1rem; box-sizing: border-box; }}
iframe {{ flex: 2 1 30rem; height: 100%; border: 0; background: #ffffff; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; }}
ul {{ list-style: none; padding: 0; }}
li {{ margin: 0 0 .75rem; }}
small {{ display: block; }}
</style>
</head>
<body>
<nav>
<h1>{title}</h1>
<p>{count} emails, by kind. The people are invented.</p>
<ul>
{rows}
</ul>
</nav>
<iframe name="email" title="The chosen email" src="{first}.html"></iframe>
</body>
</html>
"""

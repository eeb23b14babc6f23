"""What the commands of staff can do, the console can: by the same use cases, and so with the same refusals."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.docs.commands import PARAMETERS
from tests.web.staff.test_authorization import staff_routes

ROOT = Path(__file__).parents[3]
CLASS, MENTORSHIP = "/staff/classes/{cohort}", "/staff/mentorships/{mentorship}"
# Where the console does what a command does.
PLACES = {
    "cohort create": f"{CLASS}/settings/next-class",
    "cohort next": f"{CLASS}/settings/next-class",
    "cohort update": f"{CLASS}/settings/file",
    "cohort show": CLASS,
    "cohort map": f"{CLASS}/import/mapping",
    "cohort import": f"{CLASS}/import/save",
    "cohort export": f"{CLASS}/export",
    "cohort open": f"{CLASS}/window/open",
    "cohort extend": f"{CLASS}/window/extend",
    "cohort close": f"{CLASS}/window/close",
    "cohort applications": f"{CLASS}/applications",
    "cohort prospects": f"{CLASS}/prospects",
    "cohort waive": f"{CLASS}/applications/exception",
    "cohort accept": f"{CLASS}/applications/accept",
    "cohort withdraw": f"{CLASS}/applications/withdraw",
    "cohort wait": f"{CLASS}/applications/waiting-list",
    "cohort uninvite": f"{CLASS}/prospects/leave-out",
    "cohort allow": f"{CLASS}/allow",
    "cohort match": f"{CLASS}/matching/draft",
    "cohort compare": f"{CLASS}/matching/compare",
    "cohort publish": f"{CLASS}/matching/runs/{{run}}/publish",
    "cohort proposals": f"{CLASS}/proposals",
    "cohort confirm": f"{CLASS}/proposals/{{mentor}}/{{mentee}}/confirm",
    "cohort decline": f"{CLASS}/proposals/{{mentor}}/{{mentee}}/decline",
    "cohort rsvp": f"{CLASS}/kickoff",
    "cohort cards": f"{CLASS}/kickoff/cards",
    "cohort nametags": f"{CLASS}/kickoff/name-tags",
    "cohort attendance": f"{CLASS}/attendance",
    "cohort start": f"{CLASS}/kickoff/start",
    "cohort opportunity add": f"{CLASS}/opportunities/add",
    "cohort opportunity list": f"{CLASS}/opportunities",
    "cohort opportunity remove": f"{CLASS}/opportunities/{{number}}/remove",
    "cohort resource add": f"{CLASS}/resources/add",
    "cohort resource list": f"{CLASS}/resources",
    "cohort resource remove": f"{CLASS}/resources/{{resource}}/remove",
    "cohort role set": f"{CLASS}/roles/give",
    "cohort role list": f"{CLASS}/roles",
    "cohort role end": f"{CLASS}/roles/end",
    "cohort report": f"{CLASS}/reports",
    "cohort log": f"{CLASS}/audit",
    "cohort audit": f"{CLASS}/drift-audit",
    "cohort archive": f"{CLASS}/archive",
    "cohort delete": f"{CLASS}/delete",
    "mentorship show": MENTORSHIP,
    "mentorship timeline": MENTORSHIP,
    **{
        f"mentorship {step}": f"{MENTORSHIP}/{step}"
        for step in (
            *("pause", "resume", "extend", "cadence", "end", "replace", "resend", "contact", "reminders", "resolve"),
            *("attend", "upgrade", "cost"),
        )
    },
}
# Commands of operators, for all classes, and for when nobody can sign in yet.
NOT_OF_STAFF = {"revoke_links", "invite_chair", "ramp", "promote", "rollback"}


def test_every_command_of_staff_has_its_place(app: Starlette) -> None:
    commands = {command for command in PARAMETERS if command.startswith(("cohort ", "mentorship "))}
    assert commands == PLACES.keys()
    assert set(PLACES.values()) - {route.path for route in staff_routes(app)} == set()


def trees(folder: str) -> Iterator[ast.Module]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield ast.parse(file.read_text(encoding="utf-8"))


@cache
def use_cases() -> dict[str, ast.AsyncFunctionDef]:
    """Return the functions of services/ that somebody carries out: they take what they work with, and an actor."""
    return {
        node.name: node
        for tree in trees("services")
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and {"Actor", "ServiceContext"} <= {ast.unparse(each.annotation) for each in node.args.args if each.annotation}
    }


@cache
def called_in(folder: str) -> frozenset[str]:
    """Return which use cases a folder calls, itself or by one that it calls."""
    named = {name for tree in trees(folder) for name in _names(tree)} & use_cases().keys()
    return frozenset(named | {name for case in named for name in _names(use_cases()[case])} & use_cases().keys())


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_use_cases_of_commands_are_found() -> None:
    assert {"make_change", "publish", "review", "create", "set_reminders"} <= called_in("cli")


@pytest.mark.parametrize("use_case", sorted(called_in("cli") - NOT_OF_STAFF))
def test_console_has_the_use_case_of_a_command(use_case: str) -> None:
    assert use_case in called_in("web/staff")
